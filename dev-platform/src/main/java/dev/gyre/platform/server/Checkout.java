package dev.gyre.platform.server;

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

    private static Path built(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(folder + " is missing; ./mvnw process-resources brings it");
        }
        return folder;
    }
}
