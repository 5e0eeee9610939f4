package dev.gyre.eval.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.events.ArtifactRef;
import dev.gyre.events.ModelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointCacheTest {

    @TempDir
    Path root;

    private final List<String> fetched = new ArrayList<>();

    @Test
    void sameContentIsFetchedOnce() {
        var cache = new CheckpointCache(root, 1000, this::fetch);

        var first = cache.with(files("a"), folder -> folder);
        var again = cache.with(files("a"), folder -> folder);

        assertThat(again).isEqualTo(first).isDirectory();
        assertThat(first.resolve("deep/config.json")).hasContent("0123456789");
        assertThat(fetched).containsExactly("a");
    }

    @Test
    void longestUnusedIsDeletedAndTheOneInUseStays() throws Exception {
        var cache = new CheckpointCache(root, 6000, this::fetch);

        var first = cache.with(files("a"), folder -> folder);
        Thread.sleep(20);
        var second = cache.with(files("b"), folder -> folder);

        assertThat(second).isDirectory();
        Path kept = new CheckpointCache(root, 1, this::fetch).with(files("b"), folder -> folder);
        assertThat(kept).isDirectory();
        assertThat(first).doesNotExist();
    }

    @Test
    void folderThatCouldNotBeFetchedLeavesNothing() throws IOException {
        var cache = new CheckpointCache(root, 1000, (file, path) -> {
            throw new UncheckedIOException("away", new IOException());
        });

        assertThatThrownBy(() -> cache.with(files("a"), folder -> folder)).hasMessage("away");

        try (var left = Files.list(root)) {
            assertThat(left).isEmpty();
        }
    }

    private void fetch(ModelFile file, Path path) {
        try {
            fetched.add(file.content().sha256());
            Files.createDirectories(path.getParent());
            Files.writeString(path, "0123456789");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<ModelFile> files(String sha256) {
        return List.of(new ModelFile("deep/config.json", new ArtifactRef(URI.create("s3://b/k"), sha256, 10)));
    }
}
