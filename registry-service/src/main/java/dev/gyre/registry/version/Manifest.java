package dev.gyre.registry.version;

import dev.gyre.artifacts.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// What a version consists of; its digest names the version by its content.
record Manifest(List<VersionFile> files) {

    Manifest {
        files = files.stream().sorted(Comparator.comparing(VersionFile::path)).toList();
    }

    /// SHA-256 over a line `SHA256  PATH` per file, sorted by path: what `sha256sum` prints for the folder.
    String digest() {
        var lines = files.stream()
                .map(file -> "%s  %s\n".formatted(file.content().sha256(), file.path()))
                .collect(Collectors.joining());
        return Digests.sha256(lines.getBytes(StandardCharsets.UTF_8));
    }

    /// As long as a git commit, which is what Hub clients ask for.
    static String commitId(String digest) {
        return digest.substring(0, 40);
    }
}
