package dev.gyre.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.model.LanguageModel;
import dev.gyre.llm.model.PromptCompletion;
import dev.gyre.llm.recipe.Regime;
import dev.gyre.llm.training.Pretraining;
import dev.gyre.llm.training.PretrainingJob;
import dev.gyre.llm.training.TrainingOutcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example of the README, compiled and run as it stands there.
class ReadmeTest {

    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PATH = Pattern.compile("Path\\.of\\(\"([^\"]+)\"\\)");

    @TempDir
    Path folder;

    @Test
    void exampleOfTheReadmeRuns() throws Exception {
        var base = base();
        var example = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        assertThat(example.find()).isTrue();
        assertThat(example.group(1).lines()).hasSizeLessThanOrEqualTo(11);
        // The folders of the example are this test's.
        var body = PATH.matcher(example.group(1))
                .replaceAll(found -> "java.nio.file.Path.of(\"%s/%s\")".formatted(folder, found.group(1)));

        run(body);

        var taught = List.of(new PromptCompletion("Q: colour?\n", "blue"));
        try (var before = LanguageModel.open(base, "cpu");
                var after = LanguageModel.open(folder.resolve("work/huggingface"), "cpu")) {
            assertThat(after.score(taught).getFirst().logProbability())
                    .isGreaterThan(before.score(taught).getFirst().logProbability());
        }
    }

    private Path base() throws IOException {
        var documents = Collections.nCopies(20, "the cat sat on the mat and the dog ran to the cat");
        var job = new PretrainingJob(
                documents, LlamaConfig.of(290, 32, 64, 1, 4, 2, 48), Regime.pretraining(1e-2, 4, 4), 7, folder.resolve("first"), "cpu");
        var made = (TrainingOutcome.Completed) Pretraining.run(job, progress -> {});
        return Files.move(made.huggingFace(), folder.resolve("model"));
    }

    private void run(String body) throws Exception {
        var source = """
                import dev.gyre.llm.model.*;
                import dev.gyre.llm.recipe.*;
                import dev.gyre.llm.training.*;
                import java.nio.file.*;
                import java.util.*;

                public class Example {
                    public static void main(String[] arguments) throws Exception {
                %s
                    }
                }
                """.formatted(body);
        var file = new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignored) {
                return source;
            }
        };
        var said = new java.io.StringWriter();
        var compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(said, null, null, List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")), null, List.of(file))
                .call();
        assertThat(compiled).as(said.toString().toLowerCase(Locale.ROOT)).isTrue();
        try (var loader = new java.net.URLClassLoader(new java.net.URL[] {folder.toUri().toURL()})) {
            loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
    }
}
