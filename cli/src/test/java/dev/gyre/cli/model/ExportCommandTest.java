package dev.gyre.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.cli.Gyre;
import dev.gyre.llm.adapter.Attachment;
import dev.gyre.llm.adapter.Tuning;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.program.ProgramRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {

    @TempDir
    Path home;

    private final StringWriter said = new StringWriter();

    private int run(Object... arguments) {
        var words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        return Gyre.commandLine()
                .setErr(new PrintWriter(said, true))
                .setOut(new PrintWriter(said, true))
                .execute(words);
    }

    @Test
    void anAdapterOfAnotherKindBecomesPlainLoraForVllm() throws IOException {
        var base = TinyFolders.llama(home.resolve("base"));
        var adapter = home.resolve("adapter");
        try (var runner = ProgramRunner.open("cpu");
                var model = Model.open(runner, base, ElementType.F32, ElementType.F32);
                var scope = runner.newScope()) {
            var tuning = new Tuning.LowRank(Tuning.Kind.DORA, 4, 8, List.of("q_proj", "down_proj"));
            Attachment.begin(runner, scope, model.base(), tuning.json(model.base()), 1)
                    .save(adapter);
        }
        var served = home.resolve("served");

        assertThat(run("model", "export", adapter, "--vllm", served)).isNotZero();
        assertThat(said.toString()).contains("--vllm needs --base, the folder that the adapter was learned on");
        assertThat(run("model", "export", adapter, "--base", base, "--vllm", served, "--rank", 12))
                .isZero();

        assertThat(said.toString()).contains("rank 16 keeps 1.0000").contains("--max-lora-rank 16");
        var config = JsonFile.read(served.resolve("adapter_config.json"));
        assertThat(config.path("r").asInt()).isEqualTo(16);
        assertThat(config.path("use_dora").asBoolean()).isFalse();
        assertThat(config.path("target_modules")).hasSize(2);
        assertThat(served.resolve("adapter_model.safetensors")).isNotEmptyFile();
    }
}
