package dev.gyre.llm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BytePairTrainerTest {

    private static final List<String> TEXTS =
            List.of("the cat sat on the mat", "the dog ran to the cat", "the the the cat's mat");

    @TempDir
    Path folder;

    @Test
    void everyTextComesBackAsItWas() {
        int tokens = BytePairTrainer.train(TEXTS, 264, folder, 64);

        assertThat(tokens).isEqualTo(264);
        try (var tokenizer = Tokenizer.open(folder)) {
            for (var text : List.of("the cat", " the  cat\n\tsat 12", "Grüße, 世界 🙂", "", "<b>&amp;</b>")) {
                var ids = tokenizer.encode(text);
                assertThat(ids[0]).isEqualTo(BytePairTrainer.BEGIN_ID);
                assertThat(tokenizer.decode(ids)).isEqualTo(text);
            }
            assertThat(tokenizer.encode("the")).hasSize(2);
            assertThat(tokenizer.end()).isEqualTo(BytePairTrainer.END_ID);
        }
    }

    @Test
    void completionsAreReadInTheirContextAndEnd() {
        BytePairTrainer.train(TEXTS, 264, folder, 64);

        try (var tokenizer = Tokenizer.open(folder)) {
            var sequence = tokenizer.encode("the", " cat");
            assertThat(sequence.start()).isEqualTo(2);
            assertThat(sequence.length()).isEqualTo(tokenizer.encode("the cat").length + 1);
            assertThat(sequence.id(sequence.length() - 1)).isEqualTo(tokenizer.end());
            assertThat(tokenizer.encode("", "cat").start()).isEqualTo(1);
        }
    }

    @Test
    void theSameTextsGiveTheSameTokenizer() throws IOException {
        BytePairTrainer.train(TEXTS, 264, folder, 64);
        var first = Files.readString(folder.resolve("tokenizer.json"));
        BytePairTrainer.train(TEXTS, 264, folder, 64);

        assertThat(Files.readString(folder.resolve("tokenizer.json"))).isEqualTo(first);
    }

    @Test
    void aVocabularyWithoutRoomForAllBytesIsRefused() {
        assertThatThrownBy(() -> BytePairTrainer.train(TEXTS, 257, folder, 64))
                .hasMessage("vocabulary is 257, must be 258 or more");
    }

    @Test
    void aFolderWithoutTokenizerIsRefused() {
        assertThatThrownBy(() -> Tokenizer.open(folder)).hasMessageContaining("tokenizer.json is missing");
    }
}
