package dev.gyre.llm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.ModelFolder;
import dev.gyre.llm.model.Golden;
import dev.gyre.llm.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufModelTest {

    private static final List<String> TEXTS = List.of("a bad cab", "", " a  bad", "dada\ncab </s> ab", "ü");

    @TempDir
    Path home;

    private Path folder = Path.of("");
    private Path file = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        makeFolder("arch_llama_gqa");
    }

    private void makeFolder(String name) throws IOException {
        folder = Files.createDirectory(home.resolve(name));
        file = home.resolve(name + ".gguf");
        var source = Golden.FOLDER.resolve(name);
        Files.copy(source.resolve("config.json"), folder.resolve("config.json"));
        Files.copy(source.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        change(config -> config.put("bos_token_id", 1).put("eos_token_id", 2));
        writePieces();
        var settings = JsonNodeFactory.instance.objectNode();
        settings.put("bos_token", "<s>").put("chat_template", "{{ messages }}");
        settings.putObject("eos_token").put("content", "</s>");
        JsonFile.write(folder.resolve("tokenizer_config.json"), settings);
    }

    /// A vocabulary in SentencePiece style, smaller than the model's 64 tokens.
    private void writePieces() {
        var json = JsonNodeFactory.instance.objectNode().put("version", "1.0");
        var added = json.putArray("added_tokens");
        int id = 0;
        var vocabulary = JsonNodeFactory.instance.objectNode();
        for (var special : List.of("<unk>", "<s>", "</s>")) {
            vocabulary.put(special, id);
            added.addObject()
                    .put("id", id++)
                    .put("content", special)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        for (var token :
                List.of("<0x0A>", "<0xC3>", "<0xBC>", "▁", "a", "b", "c", "d", "ad", "ab", "bad", "▁a", "cab")) {
            vocabulary.put(token, id++);
        }
        var normalizer = json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        normalizer.addObject().put("type", "Prepend").put("prepend", "▁");
        normalizer
                .addObject()
                .put("type", "Replace")
                .put("content", "▁")
                .putObject("pattern")
                .put("String", " ");
        json.putNull("pre_tokenizer");
        var frame = json.putObject("post_processor").put("type", "TemplateProcessing");
        var single = frame.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", "<s>").put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        frame.putArray("pair")
                .addAll(single.deepCopy())
                .addObject()
                .putObject("Sequence")
                .put("id", "B")
                .put("type_id", 1);
        var begin = frame.putObject("special_tokens").putObject("<s>").put("id", "<s>");
        begin.putArray("ids").add(1);
        begin.putArray("tokens").add("<s>");
        json.putNull("decoder");
        var model = json.putObject("model").put("type", "BPE").put("unk_token", "<unk>");
        model.put("fuse_unk", true).put("byte_fallback", true).set("vocab", vocabulary);
        model.putArray("merges").add("a d").add("a b").add("b ad").add("▁ a").add("c ab");
        JsonFile.write(folder.resolve("tokenizer.json"), json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"arch_llama31_rope", "arch_llama_yarn", "arch_mistral_swa4", "arch_qwen2_tied", "arch_qwen3"})
    void aFolderComesBackAsItWas(String name) throws IOException {
        makeFolder(name);
        GgufModel.write(folder, file, GgufType.F32);

        var back = home.resolve("back");
        GgufModel.read(file, back);

        assertSameWeights(folder, back);
        assertThat(Architecture.read(back.resolve("config.json")))
                .isEqualTo(Architecture.read(folder.resolve("config.json")));
        assertThat(JsonFile.read(back.resolve("tokenizer.json")))
                .isEqualTo(JsonFile.read(folder.resolve("tokenizer.json")));
        assertThat(back.resolve("chat_template.jinja")).hasContent("{{ messages }}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"arch_gemma", "arch_gemma2", "arch_gemma3_text"})
    void gemmaComesBackAsItWasButForTheLastBitsOfNormsThatAreKeptLessOne(String name) throws IOException {
        makeFolder(name);
        GgufModel.write(folder, file, GgufType.F32);

        var back = home.resolve("back");
        GgufModel.read(file, back);

        assertThat(Architecture.read(back.resolve("config.json")))
                .isEqualTo(Architecture.read(folder.resolve("config.json")));
        try (var first = ModelFolder.open(folder);
                var second = ModelFolder.open(back);
                var written = GgufFile.open(file)) {
            for (var tensor : first.config().tensors().keySet()) {
                if (tensor.endsWith("norm.weight")) {
                    assertThat(second.row(tensor, 0)).containsExactly(first.row(tensor, 0), within(1.2e-7f));
                } else {
                    assertThat(second.bytes(tensor)).as(tensor).isEqualTo(first.bytes(tensor));
                }
            }
            var norm = Objects.requireNonNull(written.entries().get("blk.1.attn_norm.weight"));
            assertThat(written.row(norm, 0)[3])
                    .isEqualTo(first.row("model.layers.1.input_layernorm.weight", 0)[3] + 1);
        }
    }

    /// The names of llama.cpp's converter, whose `ffn_norm` stands before the feed-forward layer.
    @Test
    void theNormsAroundALayerOfGemmaHaveTheirNames() throws IOException {
        makeFolder("arch_gemma2");
        GgufModel.write(folder, file, GgufType.F32);

        try (var written = GgufFile.open(file)) {
            assertThat(written.entries().keySet())
                    .contains(
                            "blk.0.attn_norm.weight",
                            "blk.0.post_attention_norm.weight",
                            "blk.0.ffn_norm.weight",
                            "blk.0.post_ffw_norm.weight");
            assertThat(written.real("gemma2.attn_logit_softcapping")).contains(50.0);
            assertThat(written.real("gemma2.final_logit_softcapping")).contains(30.0);
            assertThat(written.whole("gemma2.attention.sliding_window")).contains(4L);
            assertThat(written.metadata()).doesNotContainKey("gemma2.attention.sliding_window_pattern");
        }
    }

    @Test
    void aGemmaThatLlamaCppWouldTakeForAnotherIsRefused() throws IOException {
        makeFolder("arch_gemma3_text");
        change(config -> config.put("query_pre_attn_scalar", 24));
        assertThatThrownBy(() -> GgufModel.write(folder, file, GgufType.F32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("query_pre_attn_scalar is 24.0, llama.cpp runs such a model only where it is 16.0");

        change(config -> config.put("query_pre_attn_scalar", 16));
        change(config -> config.putArray("layer_types")
                .add("sliding_attention")
                .add("full_attention")
                .add("sliding_attention")
                .add("sliding_attention")
                .add("sliding_attention")
                .add("full_attention"));
        assertThatThrownBy(() -> GgufModel.write(folder, file, GgufType.F32))
                .hasMessageStartingWith("layer_types[3] is sliding_attention, ");
    }

    private static void assertSameWeights(Path before, Path after) {
        try (var first = ModelFolder.open(before);
                var second = ModelFolder.open(after)) {
            for (var name : first.config().tensors().keySet()) {
                assertThat(second.bytes(name)).as(name).isEqualTo(first.bytes(name));
            }
        }
    }

    @Test
    void queriesAndKeysLieInTheOrderOfRotatedPairs() {
        GgufModel.write(folder, file, GgufType.F32);

        try (var model = ModelFolder.open(folder);
                var written = GgufFile.open(file)) {
            var config = JsonFile.read(folder.resolve("config.json"));
            int width = ModelKeys.headWidth(config);
            var keys = Objects.requireNonNull(written.entries().get("blk.1.attn_k.weight"));
            for (int head = 0; head < ModelKeys.groups(config); head++) {
                for (int pair = 0; pair < width / 2; pair++) {
                    for (int half = 0; half < 2; half++) {
                        assertThat(written.row(keys, head * width + 2 * pair + half))
                                .containsExactly(model.row(
                                        "model.layers.1.self_attn.k_proj.weight",
                                        head * width + half * width / 2 + pair));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"F16, 0.0005", "BF16, 0.004", "Q8_0, 0.01", "Q4_0, 0.15"})
    void smallerTypesAreNearTheOriginal(GgufType type, float near) {
        GgufModel.write(folder, file, type);
        var back = home.resolve("back");
        GgufModel.read(file, back);

        try (var first = ModelFolder.open(folder);
                var second = ModelFolder.open(back)) {
            for (var entry : first.config().tensors().entrySet()) {
                long rows = entry.getValue().size() == 1 ? 1 : entry.getValue().getFirst();
                for (long row = 0; row < rows; row++) {
                    var before = first.row(entry.getKey(), row);
                    var after = second.row(entry.getKey(), row);
                    float largest = 0;
                    float worst = 0;
                    for (int i = 0; i < before.length; i++) {
                        largest = Math.max(largest, Math.abs(before[i]));
                        worst = Math.max(worst, Math.abs(before[i] - after[i]));
                    }
                    assertThat(worst).as(entry.getKey()).isLessThanOrEqualTo(near * largest);
                }
            }
        }
    }

    @Test
    void aTokenizerRebuiltFromTheKeysGivesTheSameIds() {
        GgufModel.write(folder, file, GgufType.F32);

        var byMerges = rebuilt("merges", TokenizerKeys.WHOLE);
        var byScores = rebuilt("scores", TokenizerKeys.WHOLE, "tokenizer.ggml.merges");

        try (var original = Tokenizer.open(folder);
                var first = Tokenizer.open(byMerges);
                var second = Tokenizer.open(byScores)) {
            for (var text : TEXTS) {
                assertThat(first.encode(text)).as(text).isEqualTo(original.encode(text));
                assertThat(second.encode(text)).as(text).isEqualTo(original.encode(text));
            }
            assertThat(first.stops()).isEqualTo(original.stops());
            assertThat(first.decode(first.encode("a bad cab"))).isEqualTo("a bad cab");
        }
    }

    /// The folder of the file without some of its keys.
    private Path rebuilt(String name, String... without) {
        var poorer = home.resolve(name + ".gguf");
        try (var whole = GgufFile.open(file)) {
            var keys = new LinkedHashMap<>(whole.metadata());
            keys.keySet().removeAll(List.of(without));
            var tensors = whole.entries().values().stream()
                    .map(entry -> new GgufWriter.Tensor(
                            entry.name(), entry.type(), entry.shape(), row -> whole.row(entry, row)))
                    .toList();
            GgufWriter.write(poorer, keys, tensors);
        }
        var back = home.resolve(name);
        GgufModel.read(poorer, back);
        return back;
    }

    private void change(Consumer<ObjectNode> change) {
        var config = JsonFile.read(folder.resolve("config.json"));
        change.accept(config);
        JsonFile.write(folder.resolve("config.json"), config);
    }

    @Test
    void whatLlamaCppHasNoWordForIsRefused() {
        GgufModel.write(folder, file, GgufType.F32);
        var tokenizer = JsonFile.read(folder.resolve("tokenizer.json"));
        ((ObjectNode) tokenizer.path("model")).put("byte_fallback", false);
        JsonFile.write(folder.resolve("tokenizer.json"), tokenizer);
        assertThatThrownBy(() -> GgufModel.write(folder, file, GgufType.F32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokenizer.json: its pre_tokenizer is none that GGUF is written for");

        try (var written = GgufFile.open(file)) {
            var keys = new LinkedHashMap<>(written.metadata());
            keys.put("general.architecture", GgufValue.of("falcon"));
            GgufWriter.write(home.resolve("falcon.gguf"), keys, List.of());
            keys.put("general.architecture", GgufValue.of("llama"));
            GgufWriter.write(home.resolve("empty.gguf"), keys, List.of());
        }
        assertThatThrownBy(() -> GgufModel.read(home.resolve("falcon.gguf"), home.resolve("back")))
                .hasMessageContaining("general.architecture is Text[value=falcon], must be llama, qwen2, qwen3, gemma, gemma2 or gemma3");
        assertThatThrownBy(() -> GgufModel.read(home.resolve("empty.gguf"), home.resolve("back")))
                .hasMessageContaining("tensor token_embd.weight is missing from");
    }

    @Test
    void aWindowOnSomeLayersOfQwenIsRefused() throws IOException {
        makeFolder("arch_qwen2_tied");
        change(config -> config.put("use_sliding_window", true).put("sliding_window", 4));

        assertThatThrownBy(() -> GgufModel.write(folder, file, GgufType.F32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use_sliding_window is true, GGUF has no word");
    }
}
