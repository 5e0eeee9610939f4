package dev.gyre.llm.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.FirstWeights;
import dev.gyre.llm.checkpoint.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A BERT that knows nothing yet, with a tokenizer of a few whole words.
final class TinyEncoder {

    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]");

    private TinyEncoder() {}

    static Path write(Path folder, List<String> words) throws IOException {
        Files.createDirectories(folder);
        int count = SPECIAL.size() + words.size();
        var shape = new BertConfig(count, 32, 64, 2, 4, 16, 2, 1e-12, BertConfig.Pooling.MEAN, List.of());
        JsonFile.write(folder.resolve("config.json"), shape.json(ElementType.F32));
        FirstWeights.write(folder.resolve("model.safetensors"), shape, 5);
        var tokenizer = JsonNodeFactory.instance.objectNode();
        tokenizer.put("version", "1.0").putObject("pre_tokenizer").put("type", "Whitespace");
        var around = tokenizer.putObject("post_processor").put("type", "BertProcessing");
        around.putArray("sep").add("[SEP]").add(3);
        around.putArray("cls").add("[CLS]").add(2);
        var model = tokenizer.putObject("model").put("type", "WordLevel").put("unk_token", "[UNK]");
        var vocabulary = model.putObject("vocab");
        SPECIAL.forEach(word -> vocabulary.put(word, vocabulary.size()));
        words.forEach(word -> vocabulary.put(word, vocabulary.size()));
        JsonFile.write(folder.resolve("tokenizer.json"), tokenizer);
        return folder;
    }
}
