package dev.gyre.llm.verify;

import dev.gyre.llm.gguf.GgufModel;
import dev.gyre.llm.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Vocabularies as llama.cpp tests them: `X.gguf`, its texts in `X.gguf.inp`, a line of ids each in `X.gguf.out`.
final class TokenizerCases {

    private static final String END = "\n__ggml_vocab_test__\n";

    private TokenizerCases() {}

    static boolean is(Path file) {
        return file.toString().endsWith(".gguf") && Files.isRegularFile(beside(file, ".inp"));
    }

    static void verify(Path file, Findings findings) {
        var texts = texts(TemporaryFolder.text(beside(file, ".inp")));
        var answers = TemporaryFolder.text(beside(file, ".out")).lines().toList();
        findings.exact("cases", texts.size(), answers.size());
        TemporaryFolder.with(folder -> {
            GgufModel.readTokenizer(file, folder);
            try (var tokenizer = Tokenizer.ofEncoder(folder)) {
                for (int i = 0; i < Math.min(texts.size(), answers.size()); i++) {
                    findings.exact(Integer.toString(i), Arrays.toString(tokenizer.plain(texts.get(i))), ids(answers.get(i)));
                }
            }
        });
    }

    /// What stands before each end mark.
    private static List<String> texts(String all) {
        var parts = List.of(all.split(END, -1));
        return all.endsWith(END) ? parts.subList(0, parts.size() - 1) : parts;
    }

    private static String ids(String line) {
        return Arrays.toString(Arrays.stream(line.strip().split(" +"))
                .filter(id -> !id.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray());
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }
}
