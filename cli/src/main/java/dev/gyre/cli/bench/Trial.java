package dev.gyre.cli.bench;

import dev.gyre.cli.client.Books;
import dev.gyre.cli.client.Logins;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Patience;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/// Turns of the circle that are counted afterwards, for whoever disturbs the system meanwhile.
public final class Trial {

    private final Ledger ledger = new Ledger();
    private final Logins logins;
    private final Texts texts;
    private final Path samples;
    private final Path folder;
    private int turns;

    /// @param samples the folder `samples` of the checkout
    /// @param folder for the files that are sent
    public Trial(Logins logins, Path samples, Path folder) {
        this.logins = logins;
        this.samples = samples;
        this.folder = folder;
        texts = Texts.read(samples);
    }

    /// Brings in the model that all turns begin with.
    public void begin(Map<String, URI> addresses) {
        try (var services = services(addresses)) {
            FirstModel.bringIn(services, samples.resolve("base"));
        }
    }

    /// One turn, by clients that do not give up.
    ///
    /// @param addresses of the services that the clients talk to
    /// @param progress hears what they do, such as `judges` or `trains`
    public void turn(Map<String, URI> addresses, Consumer<String> progress) {
        turns++;
        try (var services = services(addresses)) {
            new Turn(services, ledger, texts, folder, turns, progress).turn();
        }
    }

    /// What was sent in all turns against what is there.
    public Books count(Map<String, URI> addresses) {
        try (var services = services(addresses)) {
            return new Count(services, ledger).everything();
        }
    }

    private Services services(Map<String, URI> addresses) {
        return new Services(addresses, logins, Patience.STUBBORN);
    }
}
