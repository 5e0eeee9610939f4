package dev.gyre.llm.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.JsonFile;
import java.nio.file.Path;
import java.util.List;

/// Writes a learned encoding as `tokenizer.json` and `tokenizer_config.json`.
final class TokenizerFile {

    private TokenizerFile() {}

    /// A description without its model: the special tokens, and the begin token before each text.
    static ObjectNode start(List<String> special, String begin) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("version", "1.0");
        json.putNull("truncation");
        json.putNull("padding");
        var added = json.putArray("added_tokens");
        for (var each : special) {
            added.add(token(special.indexOf(each), each, true));
        }
        json.putNull("normalizer");
        json.putNull("pre_tokenizer");
        var template = json.putObject("post_processor").put("type", "TemplateProcessing");
        var single = template.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", begin).put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        var pair = template.putArray("pair");
        pair.addObject().putObject("SpecialToken").put("id", begin).put("type_id", 0);
        pair.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
        var first = template.putObject("special_tokens").putObject(begin).put("id", begin);
        first.putArray("ids").add(special.indexOf(begin));
        first.putArray("tokens").add(begin);
        json.putNull("decoder");
        return json;
    }

    /// A token that is found before anything else is cut.
    static ObjectNode token(int id, String content, boolean special) {
        var token = JsonNodeFactory.instance.objectNode();
        token.put("id", id).put("content", content).put("single_word", false);
        token.put("lstrip", false).put("rstrip", false).put("normalized", false).put("special", special);
        return token;
    }

    /// Adds the tokens and merges.
    static ObjectNode model(ObjectNode json, List<String> tokens, List<PairMerger.Merge> merges) {
        var model = json.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        var ids = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        var list = model.putArray("merges");
        merges.forEach(merge -> list.add(merge.left() + " " + merge.right()));
        return model;
    }

    static void write(Path folder, ObjectNode tokenizer, String begin, String end, int context) {
        JsonFile.write(folder.resolve("tokenizer.json"), tokenizer);
        var json = JsonNodeFactory.instance.objectNode();
        json.put("tokenizer_class", "PreTrainedTokenizerFast");
        json.put("bos_token", begin).put("eos_token", end).put("pad_token", end);
        json.put("model_max_length", context).put("clean_up_tokenization_spaces", false);
        JsonFile.write(folder.resolve("tokenizer_config.json"), json);
    }
}
