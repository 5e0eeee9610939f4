package dev.gyre.llm.verify;

import dev.gyre.llm.model.LanguageModel;
import dev.gyre.llm.model.Sampling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// A model folder with the text that it writes: `expected_greedy_N.txt`, N tokens from the begin token, always the
/// likeliest.
final class PublishedText {

    private static final Pattern NAME = Pattern.compile("expected_greedy_(\\d{1,6})\\.txt");

    private PublishedText() {}

    static boolean is(Path file) {
        return NAME.matcher(String.valueOf(file.getFileName())).matches()
                && Files.isRegularFile(file.resolveSibling("config.json"));
    }

    static void verify(Path file, Findings findings) {
        var name = NAME.matcher(String.valueOf(file.getFileName()));
        int tokens = name.matches() ? Integer.parseInt(name.group(1)) : 0;
        try (var model = LanguageModel.open(file.resolveSibling(""), "cpu")) {
            var written = model.generate("", Sampling.greedy(tokens));
            var wanted = TemporaryFolder.text(file);
            findings.exact("text", written.strip(), wanted.strip());
        }
    }
}
