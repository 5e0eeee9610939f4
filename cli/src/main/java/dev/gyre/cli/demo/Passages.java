package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.cli.scenario.Scenario.Cut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Pieces of running text: how each begins is the prompt, how it goes on is the completion.
///
/// Of a JSON array of strings the beginning of each string is taken, of any other file one piece after the other, each
/// from the beginning of a paragraph. A prompt ends inside a word, so that nothing is lost where space around it is
/// stripped; a completion ends with a sentence.
final class Passages {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SENTENCE_END = Pattern.compile("[.!?][\"']?(?=\\s|$)");

    private Passages() {}

    /// @return rows of `prompt`, `completion` and `file`
    static List<ObjectNode> of(Path file, Cut cut) throws IOException {
        var name = String.valueOf(file.getFileName());
        var rows = new ArrayList<ObjectNode>();
        if (name.endsWith(".json")) {
            for (var text : JSON.readTree(file.toFile())) {
                take(text.asText().strip(), cut, name, rows);
            }
            return rows;
        }
        var text = Files.readString(file).replace("\r\n", "\n").strip();
        for (int from = 0; from < text.length(); ) {
            var taken = take(text.substring(from), cut, name, rows);
            var next = text.indexOf("\n\n", from + Math.max(1, taken));
            from = next < 0 ? text.length() : next + 2;
        }
        return rows;
    }

    /// @return how many characters were taken; 0 where the text has no piece of this length at its beginning
    private static int take(String text, Cut cut, String file, List<ObjectNode> rows) {
        var at = insideWord(text, cut.prompt());
        var end = at == 0 ? 0 : lastSentence(text, at + cut.completion() / 2, at + cut.completion());
        if (end > 0) {
            rows.add(JsonNodeFactory.instance
                    .objectNode()
                    .put("prompt", text.substring(0, at))
                    .put("completion", text.substring(at, end))
                    .put("file", file));
        }
        return end;
    }

    private static int insideWord(String text, int most) {
        for (int at = Math.min(most, text.length() - 1); at > most / 2; at--) {
            if (Character.isLetter(text.charAt(at - 1)) && Character.isLetter(text.charAt(at))) {
                return at;
            }
        }
        return 0;
    }

    private static int lastSentence(String text, int from, int to) {
        if (from >= text.length()) {
            return 0;
        }
        var end = 0;
        var ends = SENTENCE_END
                .matcher(text)
                .region(from, Math.min(to, text.length()))
                .useTransparentBounds(true)
                .useAnchoringBounds(false);
        while (ends.find()) {
            end = ends.end();
        }
        return end;
    }
}
