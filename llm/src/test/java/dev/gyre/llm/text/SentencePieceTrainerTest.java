package dev.gyre.llm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentencePieceTrainerTest {

    private static final List<String> TEXTS = List.of("the cat sat on the mat", "the cat", "the hat");

    @TempDir
    Path folder;

    @Test
    void everyTextComesBackAndCharactersNotLearnedAreBytes() {
        int tokens = SentencePieceTrainer.train(TEXTS, 280, folder, 64);

        assertThat(tokens).isEqualTo(275);
        try (var tokenizer = Tokenizer.open(folder)) {
            for (var text : List.of("the cat", " the  cat\n\tsat 12", "Grüße, 世界 🙂", "<b>&amp;</b>")) {
                assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
            }
            assertThat(tokenizer.encode("the")).hasSize(2);
            assertThat(tokenizer.encode("ü")).containsExactly(1, tokenizer.encode("▁")[1], 3 + 0xc3, 3 + 0xbc);
            assertThat(tokenizer.end()).isEqualTo(2);
        }
    }

    @Test
    void mergesAreThoseOfThePythonTrainer() {
        var merges = new PairMerger(new java.util.ArrayList<>(List.of("a", "b", "c")));
        merges.add(List.of("a", "b", "a", "b", "c"), 3);
        merges.add(List.of("b", "c", "a", "a", "a"), 2);
        merges.add(List.of("c", "c"), 1);

        assertThat(merges.merge(100))
                .containsExactly(
                        new PairMerger.Merge("a", "b"),
                        new PairMerger.Merge("a", "a"),
                        new PairMerger.Merge("ab", "c"),
                        new PairMerger.Merge("ab", "abc"),
                        new PairMerger.Merge("b", "c"),
                        new PairMerger.Merge("aa", "a"),
                        new PairMerger.Merge("bc", "aaa"));
    }

    @Test
    void aVocabularyWithoutRoomForTheCharactersIsRefused() {
        assertThatThrownBy(() -> SentencePieceTrainer.train(TEXTS, 260, folder, 64))
                .hasMessageStartingWith("vocabulary is 260, must be 26");
    }

    @Test
    void newTokensStandBehindAllOthersWhichKeepTheirIds() throws IOException {
        SentencePieceTrainer.train(TEXTS, 280, folder, 64);
        long[] before;
        try (var tokenizer = Tokenizer.open(folder)) {
            before = tokenizer.encode("the cat sat 12");
        }

        assertThat(NewTokens.add(folder, List.of("<|tool|>", "</s>", "<|end|>"), true))
                .isEqualTo(Map.of("<|tool|>", 275, "</s>", 2, "<|end|>", 276));
        assertThat(NewTokens.add(folder, List.of("zebra", "<|tool|>"), false))
                .isEqualTo(Map.of("zebra", 277, "<|tool|>", 275));

        try (var tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("the cat sat 12")).isEqualTo(before);
            assertThat(tokenizer.encode("<|end|>")).contains(276);
            assertThat(tokenizer.decode(new long[] {276, 277})).isEqualTo("zebra");
        }
        assertThatThrownBy(() -> NewTokens.add(folder, List.of(""), true))
                .hasMessageStartingWith("a new token is empty");
        assertThat(Files.readString(folder.resolve("tokenizer_config.json"))).contains("<|tool|>", "<|end|>");
    }

    @Test
    void aFileThatIsCutOrGarbledIsRefusedOrReadButEndsNothing() throws IOException {
        SentencePieceTrainer.train(TEXTS, 280, folder, 64);
        var file = folder.resolve("tokenizer.json");
        var whole = Files.readString(file);
        var random = new Random(7);

        for (int round = 0; round < 150; round++) {
            var cut = whole.substring(0, random.nextInt(whole.length()));
            var garbled = new StringBuilder(whole);
            garbled.setCharAt(random.nextInt(whole.length()), (char) (' ' + random.nextInt(95)));
            Files.writeString(file, round % 2 == 0 ? cut : garbled.toString());
            try (var tokenizer = Tokenizer.open(folder)) {
                assertThat(tokenizer.encode("the cat 🙂")).isNotEmpty();
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("tokenizer");
            }
        }
    }
}
