package dev.gyre.eval.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Inside of the service, because a native library belongs to the class loader that opened it first.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class MiniLmEmbedderTest {

    private static final MiniLmEmbedder EMBEDDER = new MiniLmEmbedder();

    @AfterAll
    static void close() {
        EMBEDDER.close();
    }

    @Test
    void paraphrasesAreNearerThanStrangers() {
        var vectors = EMBEDDER.embed(List.of(
                "A man is eating food.", "Someone is having a meal.", "The stock market fell sharply on Monday."));

        assertThat(vectors.get(0).cosine(vectors.get(1))).isGreaterThan(0.4);
        assertThat(vectors.get(0).cosine(vectors.get(2))).isLessThan(0.2);
    }

    @Test
    void vectorsHaveLengthOneAndDoNotDependOnTheBatch() {
        var texts = List.of("short", "a much longer text that has many more tokens than the other one", "");

        var together = EMBEDDER.embed(texts);

        for (var i = 0; i < texts.size(); i++) {
            assertThat(together.get(i).dimensions()).isEqualTo(384);
            assertThat(together.get(i).cosine(together.get(i))).isCloseTo(1, within(1e-5));
            assertThat(together.get(i).cosine(EMBEDDER.embed(List.of(texts.get(i))).getFirst()))
                    .isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void longTextIsReadFromItsBeginning() {
        var start = "The whale dives deep into the cold sea and comes back for air. ".repeat(40);

        var vectors = EMBEDDER.embed(List.of(start, start + "Stocks fell on Monday."));

        assertThat(vectors.getFirst().cosine(vectors.getLast())).isCloseTo(1, within(1e-6));
    }
}
