package dev.gyre.llm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.translate.TranslateException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.model.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchScriptModelTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama_gqa", "llama_yarn", "mistral_swa4", "qwen2_tied", "smollm3", "gemma3_text", "gpt2"})
    void plainDjlLoadsTheArchiveAndGivesTheLogitsOfTransformers(String name)
            throws IOException, ModelNotFoundException, MalformedModelException, TranslateException {
        var golden = JsonFile.read(Golden.FOLDER.resolve("arch_index.json"));
        var wanted = golden.path("arch").path(name);
        var rows = golden.path("inputs").path("input_ids");

        TorchScriptModel.write(Golden.FOLDER.resolve("arch_" + name), folder.resolve("tiny.pt"));

        var criteria = Criteria.builder()
                .setTypes(NDList.class, NDList.class)
                .optEngine("PyTorch")
                .optModelPath(folder.resolve("tiny.pt"))
                .build();
        try (var model = criteria.loadModel();
                var predictor = model.newPredictor();
                var manager = model.getNDManager().newSubManager()) {
            var ids = manager.create(
                    StreamSupport.stream(rows.spliterator(), false)
                            .flatMapToLong(row -> Arrays.stream(Golden.longs(row)))
                            .toArray(),
                    new Shape(rows.size(), rows.get(0).size()));
            // more than twice: the engine's optimizer rewrites what it has seen run
            for (int i = 0; i < 4; i++) {
                var logits = predictor.predict(new NDList(ids)).singletonOrThrow();
                assertNear(logits.get("0,-1,:8").toFloatArray(), wanted.path("logits_row0_last"));
                assertNear(logits.get("1,4,:8").toFloatArray(), wanted.path("logits_row1_tok4"));
            }
        }
    }

    private static void assertNear(float[] found, JsonNode wanted) {
        var numbers = Golden.doubles(wanted);
        assertThat(found).hasSameSizeAs(numbers);
        for (int i = 0; i < numbers.length; i++) {
            assertThat((double) found[i]).isCloseTo(numbers[i], within(1e-4 * Math.max(1, Math.abs(numbers[i]))));
        }
    }

    @Test
    void theSameFolderGivesTheSameBytes() throws IOException {
        TorchScriptModel.write(Golden.FOLDER.resolve("base_llama"), folder.resolve("first.pt"));
        TorchScriptModel.write(Golden.FOLDER.resolve("base_llama"), folder.resolve("second.pt"));

        assertThat(Files.mismatch(folder.resolve("first.pt"), folder.resolve("second.pt")))
                .isEqualTo(-1);
    }

    @Test
    void anEncoderIsRefused() {
        assertThatThrownBy(() ->
                        TorchScriptModel.write(Golden.FOLDER.resolve("arch_bert_cls"), folder.resolve("encoder.pt")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds an encoder, only language models can be exported");
    }
}
