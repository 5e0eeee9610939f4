package dev.gyre.platform;

import java.nio.file.Path;

/// The folder in which one instance of the platform keeps everything it has: data, logs, credentials, what runs.
public record Home(Path folder) {

    public Home {
        folder = folder.toAbsolutePath().normalize();
    }

    public Path data(String server) {
        return folder.resolve("data").resolve(server);
    }

    public Path log(String program) {
        return folder.resolve("logs").resolve(program + ".log");
    }

    public Path cache(String program) {
        return folder.resolve("cache").resolve(program + ".jsa");
    }

    Path credentials() {
        return folder.resolve("credentials.json");
    }

    Path state() {
        return folder.resolve("run").resolve("state.json");
    }

    /// As long as this file is there, the supervisor does not start the part again.
    Path held(String part) {
        return folder.resolve("run").resolve("held-" + part);
    }

    /// Held by the supervisor as long as it lives, so that there is never a second one.
    Path lock() {
        return folder.resolve("run").resolve("lock");
    }
}
