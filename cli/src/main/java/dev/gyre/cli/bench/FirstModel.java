package dev.gyre.cli.bench;

import dev.gyre.cli.client.Services;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The model that the bench begins with, brought in as anybody brings one in.
final class FirstModel {

    private FirstModel() {}

    static void bringIn(Services services, Path folder) {
        var begun = services.post(
                        Turn.staff("registry", "/api/registry/models/%s/imports".formatted(Turn.MODEL)), Map.of())
                .path("import")
                .asText();
        try (var files = Files.list(folder)) {
            for (var path : files.filter(Files::isRegularFile).sorted().toList()) {
                services.send(
                        Turn.staff(
                                "registry", "/api/registry/imports/%s/files/%s".formatted(begun, path.getFileName())),
                        "PUT",
                        path);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read the base in " + folder, unreadable);
        }
        services.post(
                Turn.staff("registry", "/api/registry/imports/%s/complete".formatted(begun)),
                Map.of("card", Map.of("license", "apache-2.0", "description", "Begins the chaos bench.")));
    }
}
