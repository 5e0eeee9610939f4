package dev.gyre.cli;

import dev.gyre.platform.Home;
import dev.gyre.platform.server.Checkout;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which instance a command means.
final class HomeOption {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Folder of the instance: data, logs, credentials (.gyre in the checkout, or $GYRE_HOME).")
    private @Nullable Path folder;

    Home home() {
        if (folder != null) {
            return new Home(folder);
        }
        var given = System.getenv("GYRE_HOME");
        return given == null ? new Home(Checkout.find().root().resolve(".gyre")) : new Home(Path.of(given));
    }
}
