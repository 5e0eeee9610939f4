package dev.gyre.annotation.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MinHashTest {

    private static final String LETTER = "Dear customer service, my order 4711 has not arrived yet. Please tell me where it is.";

    @Test
    void sameTextInOtherCaseAndPunctuationIsTheSame() {
        var one = MinHash.of(LETTER);
        var other = MinHash.of("  DEAR customer-service: my order 4711 has NOT arrived yet!! please tell me where it is");

        assertThat(one.similarity(other)).isEqualTo(1);
        assertThat(one.bands()).isEqualTo(other.bands()).hasSize(16).doesNotHaveDuplicates();
    }

    @Test
    void littleChangeLeavesBandsInCommonAndAnotherTextNone() {
        var one = MinHash.of(LETTER);

        var changed = MinHash.of(LETTER.replace("4711", "0815"));
        var other = MinHash.of("What is the tallest mountain of South America, and who was the first to climb it?");

        assertThat(one.similarity(changed)).isBetween(0.6, 0.99);
        assertThat(Collections.disjoint(one.bands(), changed.bands())).isFalse();
        assertThat(one.similarity(other)).isLessThan(0.2);
        assertThat(Collections.disjoint(one.bands(), other.bands())).isTrue();
    }

    /// Of 3000 words both have 1000, and so it is with the pieces.
    @Test
    void shareOfCommonPiecesIsEstimated() {
        var one = MinHash.of(words(0, 2000));
        var other = MinHash.of(words(1000, 3000));

        // 64 places: the standard error at 1/3 is 0.059
        assertThat(one.similarity(other)).isCloseTo(1 / 3.0, within(0.18));
    }

    private static String words(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(word -> "%05x".formatted(word * 7919 % 1_048_576))
                .collect(Collectors.joining(" "));
    }

    @Test
    void emptyAndShortTextsHaveASignature() {
        assertThat(MinHash.of("").signature()).hasSize(64);
        assertThat(MinHash.of("Hi").similarity(MinHash.of("hi!"))).isEqualTo(1);
        assertThat(MinHash.of("Hi").similarity(MinHash.of("No"))).isLessThan(0.1);
    }
}
