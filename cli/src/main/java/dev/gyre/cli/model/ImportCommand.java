package dev.gyre.cli.model;

import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.ModelFolder;
import dev.gyre.llm.gguf.GgufModel;
import dev.gyre.llm.text.Tokenizer;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Brings a model from elsewhere as a Hugging Face folder that Gyre runs.
@Command(
        name = "import",
        description = {
            "Bring a model as a Hugging Face folder, checked and ready to be registered.",
            "A hub is asked at $HF_ENDPOINT (https://huggingface.co), with $HF_TOKEN where it is set;",
            "a download that was cut off goes on when the command is run again."
        },
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {

    private static final String BUNDLED = "minilm";
    private static final String HUB = "https://huggingface.co";

    @Parameters(
            index = "0",
            paramLabel = "SOURCE",
            description = {
                "A Hugging Face folder, a GGUF file, a model on a hub (ORG/NAME or ORG/NAME@REVISION),",
                "or minilm: the sentence encoder all-MiniLM-L6-v2 that came with the build (22 million weights,",
                "English, Apache-2.0)."
            })
    private String source = BUNDLED;

    @Parameters(index = "1", paramLabel = "FOLDER", description = "Where to write it; must not exist or be empty.")
    private Path folder = Path.of(BUNDLED);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /// Where `HF_ENDPOINT` and `HF_TOKEN` are looked up.
    private final Map<String, String> environment;

    ImportCommand() {
        this(System.getenv());
    }

    ImportCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        var hub = HubDownload.NAME.matcher(source);
        if (source.equals(BUNDLED)) {
            requireEmpty();
            MiniLm.write(folder);
        } else if (Files.isDirectory(Path.of(source))) {
            requireEmpty();
            check(Path.of(source));
            copy(Path.of(source));
        } else if (Files.isRegularFile(Path.of(source))) {
            requireEmpty();
            GgufModel.read(Path.of(source), folder);
        } else if (hub.matches()) {
            download(hub.group(1), hub.group(2) == null ? "main" : hub.group(2));
        } else {
            throw new IllegalArgumentException(
                    "%s is no folder, no GGUF file and no ORG/NAME of a model on a hub".formatted(source));
        }
        check(folder);
        var out = spec.commandLine().getOut();
        out.printf("wrote %s into %s%n", source, folder);
        out.flush();
        return 0;
    }

    private void download(String repository, String revision) throws IOException {
        if (!HubDownload.unfinished(folder)) {
            requireEmpty();
        }
        var client = new HubClient(environment.getOrDefault("HF_ENDPOINT", HUB), environment.get("HF_TOKEN"));
        new HubDownload(client, spec.commandLine().getOut(), HubDownload.Patience.USUAL)
                .download(repository, revision, folder);
    }

    /// Refuses what Gyre could not run: an unknown configuration, tensors that do not fit it, no tokenizer.
    private static void check(Path folder) {
        try (var model = ModelFolder.open(folder);
                var _ = model.config() instanceof BertConfig ? Tokenizer.ofEncoder(folder) : Tokenizer.open(folder)) {}
    }

    private void copy(Path from) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                var path = from.relativize(file);
                if (HubDownload.wanted(path.toString().replace('\\', '/'))) {
                    var target = folder.resolve(path.toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void requireEmpty() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("%s is a file, must be a folder".formatted(folder));
        }
        try (var children = Files.list(folder)) {
            if (children.findAny().isPresent()) {
                throw new IllegalArgumentException("%s is not empty; name a new folder".formatted(folder));
            }
        }
    }
}
