package dev.gyre.llm.gguf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// BERT's tokenizer in lower case: [WordPiece](https://arxiv.org/abs/1609.08144), section 4.1, longest piece first.
final class WordPieces {

    private static final String BEGIN = "\u2581";
    private static final String INSIDE = "##";

    private WordPieces() {}

    /// The `tokenizer.json` of pieces as llama.cpp keeps them: a word begins with a mark, not what goes on inside it.
    static ObjectNode json(List<String> tokens, String unknown) {
        var json = JsonNodeFactory.instance.objectNode().put("version", "1.0");
        json.putNull("truncation").putNull("padding").putArray("added_tokens");
        var normalizer = json.putObject("normalizer").put("type", "BertNormalizer");
        normalizer.put("clean_text", true).put("handle_chinese_chars", true).put("lowercase", true);
        normalizer.putNull("strip_accents");
        json.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        json.putNull("post_processor");
        json.putObject("decoder")
                .put("type", "WordPiece")
                .put("prefix", INSIDE)
                .put("cleanup", true);
        var model = json.putObject("model").put("type", "WordPiece").put("unk_token", unknown);
        model.put("continuing_subword_prefix", INSIDE).put("max_input_chars_per_word", 100);
        var vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(piece(tokens.get(id)), id);
        }
        return json;
    }

    private static String piece(String token) {
        if (token.startsWith(BEGIN)) {
            return token.substring(BEGIN.length());
        }
        return token.startsWith("[") && token.endsWith("]") ? token : INSIDE + token;
    }
}
