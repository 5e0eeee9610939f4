package dev.gyre.cli.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.cli.Gyre;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ImportCommandTest {

    private static final HubDownload.Patience QUICK =
            new HubDownload.Patience(Duration.ofMillis(1), Duration.ofSeconds(2));

    @TempDir
    Path home;

    private final StringWriter said = new StringWriter();
    private TinyHub hub;

    @BeforeEach
    void openHub() throws IOException {
        hub = new TinyHub();
        var model = TinyFolders.llama(home.resolve("model"));
        try (var files = Files.list(model)) {
            for (var file : files.toList()) {
                hub.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        hub.put("README.md", "# tiny".getBytes(UTF_8));
        hub.put("extra dir/so+odd#.txt", new byte[] {1, 2, 3});
        hub.put("pytorch_model.bin", new byte[500]);
        hub.put("onnx/config.json", new byte[2]);
    }

    @AfterEach
    void closeHub() {
        hub.close();
    }

    private int run(String... arguments) {
        return Gyre.commandLine()
                .setErr(new PrintWriter(said, true))
                .setOut(new PrintWriter(said, true))
                .execute(arguments);
    }

    private HubDownload download(String token) {
        return new HubDownload(new HubClient(hub.endpoint(), token), new PrintWriter(said, true), QUICK);
    }

    @Test
    void aHubIsAskedWhereTheEnvironmentSays() {
        var command = new ImportCommand(Map.of("HF_ENDPOINT", hub.endpoint() + "/", "HF_TOKEN", "hf_right"));
        hub.askForToken();

        int code = new CommandLine(command)
                .setOut(new PrintWriter(said, true))
                .execute("acme/tiny", home.resolve("got").toString());

        assertThat(code).isZero();
        assertThat(said.toString()).contains("6 files").contains("wrote acme/tiny into");
        for (var name : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            assertThat(home.resolve("got").resolve(name)).hasSameBinaryContentAs(home.resolve("model/" + name));
        }
        assertThat(home.resolve("got/extra dir/so+odd#.txt")).exists();
        assertThat(home.resolve("got/pytorch_model.bin")).doesNotExist();
        assertThat(home.resolve("got/onnx")).doesNotExist();
        assertThat(home.resolve("got/.gyre-import")).doesNotExist();
        // the token is for the hub, not for where it sends us
        assertThat(hub.requests())
                .contains("/acme/tiny/resolve/%s/model.safetensors whole with token".formatted("c".repeat(40)))
                .contains("/model.safetensors whole");
    }

    @Test
    void aDownloadThatIsCutOffGoesOnWhereItWas() throws IOException {
        long size = Files.size(home.resolve("model/model.safetensors"));
        hub.cut(2);

        download("").download("acme/tiny", "main", home.resolve("got"));

        assertThat(home.resolve("got/model.safetensors"))
                .hasSameBinaryContentAs(home.resolve("model/model.safetensors"));
        long half = size / 2;
        assertThat(hub.requests())
                .containsSubsequence(
                        "/model.safetensors whole",
                        "/model.safetensors bytes=%d-".formatted(half),
                        "/model.safetensors bytes=%d-".formatted(half + (size - half) / 2));
    }

    @Test
    void aConnectionThatFallsSilentIsGivenUpAndTakenUpAgain() {
        hub.fallSilent();

        download("").download("acme/tiny", "main", home.resolve("got"));

        assertThat(said.toString()).contains("downloading model.safetensors: cut off after ");
        assertThat(home.resolve("got/model.safetensors"))
                .hasSameBinaryContentAs(home.resolve("model/model.safetensors"));
    }

    @Test
    void weightsOfAModelThatGyreDoesNotRunAreNotDownloaded() {
        hub.put("config.json", "{\"model_type\":\"unheard_of\"}".getBytes(UTF_8));

        assertThatThrownBy(() -> download("").download("acme/tiny", "main", home.resolve("got")))
                .hasMessageContaining("model_type is unheard_of");
        assertThat(hub.requests()).noneMatch(request -> request.startsWith("/model.safetensors"));
    }

    @Test
    void aCommandThatWasStoppedIsTakenUpAgain() throws IOException {
        var whole = Files.readAllBytes(home.resolve("model/model.safetensors"));
        var got = Files.createDirectory(home.resolve("got"));
        Files.writeString(got.resolve(".gyre-import"), "acme/tiny@" + "c".repeat(40));
        Files.write(got.resolve("model.safetensors.part"), Arrays.copyOf(whole, 1000));

        download("").download("acme/tiny", "main", got);

        assertThat(hub.requests()).contains("/model.safetensors bytes=1000-");
        assertThat(got.resolve("model.safetensors")).hasBinaryContent(whole);
        assertThat(got.resolve("model.safetensors.part")).doesNotExist();
    }

    @Test
    void aFileThatIsNotWhatTheHubNamesIsNotKept() {
        hub.lie();

        assertThatThrownBy(() -> download("").download("acme/tiny", "main", home.resolve("got")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("downloading model.safetensors failed 5 times")
                .hasMessageContaining("digest 0000");
        assertThat(home.resolve("got/model.safetensors")).doesNotExist();
        assertThat(home.resolve("got/model.safetensors.part")).doesNotExist();
    }

    @Test
    void whatAHubRefusesIsSaidWithTheRemedy() {
        assertThatThrownBy(() -> download("").download("acme/other", "main", home.resolve("a")))
                .hasMessageContaining("has no acme/other");
        assertThatThrownBy(() -> download("").download("acme/tiny", "v9", home.resolve("b")))
                .hasMessageContaining("has no revision v9");
        hub.askForToken();
        assertThatThrownBy(() -> download("").download("acme/tiny", "main", home.resolve("c")))
                .hasMessageContaining("set HF_TOKEN");
        assertThatThrownBy(() -> download("hf_wrong").download("acme/tiny", "main", home.resolve("d")))
                .hasMessageContaining("the token in HF_TOKEN has no access to it");
    }

    @Test
    void aFolderOfTheHubThatLeavesItsModelIsRefused() {
        hub.put("../outside.json", new byte[] {'{', '}'});

        assertThatThrownBy(() -> download("").download("acme/tiny", "main", home.resolve("got")))
                .hasMessageContaining("has the file ../outside.json, which is outside of it");
        assertThat(home.resolve("outside.json")).doesNotExist();
    }

    @Test
    void aFolderIsCheckedAndCopied() throws IOException {
        assertThat(run(
                        "model",
                        "import",
                        home.resolve("model").toString(),
                        home.resolve("copy").toString()))
                .as(said.toString())
                .isZero();
        assertThat(home.resolve("copy/model.safetensors"))
                .hasSameBinaryContentAs(home.resolve("model/model.safetensors"));

        Files.delete(home.resolve("model/tokenizer.json"));
        assertThat(run(
                        "model",
                        "import",
                        home.resolve("model").toString(),
                        home.resolve("other").toString()))
                .isEqualTo(1);
        assertThat(said.toString()).contains("tokenizer.json is missing; a model needs its tokenizer");
        assertThat(home.resolve("other")).doesNotExist();
    }

    @Test
    void aFolderGoesThroughGgufAndBack() {
        var file = home.resolve("tiny.gguf");

        assertThat(run("model", "export", home.resolve("model").toString(), "--gguf", file.toString(), "--type", "f32"))
                .as(said.toString())
                .isZero();
        assertThat(run("model", "import", file.toString(), home.resolve("back").toString()))
                .as(said.toString())
                .isZero();

        assertThat(home.resolve("back/model.safetensors"))
                .hasSameBinaryContentAs(home.resolve("model/model.safetensors"));
        assertThat(run("model", "export", home.resolve("model").toString(), "--gguf", file.toString()))
                .isEqualTo(1);
        assertThat(said.toString()).contains("is there already; name a new file");
        assertThat(run("model", "export", home.resolve("model").toString(), "--gguf", file + "2", "--type", "q9"))
                .isEqualTo(1);
        assertThat(said.toString()).contains("GGUF type is q9, must be one of [f32, f16, q4_0, q8_0, bf16]");
    }

    @Test
    void whatIsNoSourceIsSaid() {
        assertThat(run("model", "import", "no such thing", home.resolve("x").toString()))
                .isEqualTo(1);
        assertThat(said.toString()).contains("is no folder, no GGUF file and no ORG/NAME of a model on a hub");
    }
}
