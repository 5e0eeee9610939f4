package dev.gyre.platform.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The checkout this program runs from, where the build left the servers.
public record Checkout(Path root) {

    private static final Path MARK = Path.of("dev-platform", "servers");

    /// From the system property `gyre.root`, else the nearest folder upwards that is one.
    public static Checkout find() {
        var given = System.getProperty("gyre.root");
        var start = Path.of(given == null ? "" : given).toAbsolutePath();
        for (var folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(MARK))) {
                return new Checkout(folder);
            }
        }
        throw new IllegalStateException(
                "no checkout of Gyre at or above " + start + "; start from it, or set -Dgyre.root=FOLDER");
    }

    public Path kafkaJars() {
        return built(root.resolve(MARK).resolve("kafka/target/lib"));
    }

    public Path s3Jars() {
        return built(root.resolve(MARK).resolve("s3/target/lib"));
    }

    public Path keycloak() {
        var target = built(root.resolve(MARK).resolve("keycloak/target"));
        try (var versions = Files.newDirectoryStream(target, "keycloak-*")) {
            for (var version : versions) {
                return version;
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        return built(target.resolve("keycloak"));
    }

    /// What is declared once for every way to run Gyre: topics, services, the realm.
    public Path deploy() {
        return root.resolve("deploy");
    }

    /// The folder that a service was built into.
    public Path service(String name) {
        return built(root.resolve(name + "-service/target/quarkus-app"));
    }

    private static Path built(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(folder + " is missing; ./gyre build brings it");
        }
        return folder;
    }
}
