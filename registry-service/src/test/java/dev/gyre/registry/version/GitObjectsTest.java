package dev.gyre.registry.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.events.ArtifactRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GitObjectsTest {

    /// `printf 'hello\n' | git hash-object --stdin`
    @Test
    void blobIsNamedAsGitNamesIt() throws IOException {
        var bytes = "hello\n".getBytes(StandardCharsets.US_ASCII);

        assertThat(GitObjects.blobOid(bytes)).isEqualTo("ce013625030ba8dba906f756967f9e9ca394464a");
        assertThat(GitObjects.blobOid(new ByteArrayInputStream(bytes), bytes.length))
                .isEqualTo("ce013625030ba8dba906f756967f9e9ca394464a");
        assertThat(GitObjects.blobOid(new byte[0])).isEqualTo("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    }

    @Test
    void pointerIsTheOneOfGitLfs() {
        var content = new ArtifactRef(URI.create("s3://b/w/ab/ab"), "ab".repeat(32), 12345);

        assertThat(GitObjects.pointer(content))
                .isEqualTo("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 12345\n"
                        .formatted("ab".repeat(32)));
    }

    @Test
    void weightsAreLargeWhateverTheirSize() {
        assertThat(GitObjects.isLarge("model.safetensors", 10)).isTrue();
        assertThat(GitObjects.isLarge("config.json", 10)).isFalse();
        assertThat(GitObjects.isLarge("tokenizer.json", 20L << 20)).isTrue();
    }
}
