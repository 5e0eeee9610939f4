package dev.gyre.llm.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.program.ProgramRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Any adapter that weights can stand for as a PEFT folder that [vLLM](https://docs.vllm.ai/en/stable/features/lora.html)
/// takes: plain LoRA without bias, without whole modules, of one of vLLM's ranks.
public final class ServedAdapter {

    /// What vLLM's `max_lora_rank` can be.
    public static final List<Integer> RANKS = List.of(1, 8, 16, 32, 64, 128, 256, 320, 512);

    /// For an adapter whose own rank says nothing, such as DoRA, which changes a whole matrix.
    private static final int WHOLE = 64;

    private ServedAdapter() {}

    /// What was written.
    ///
    /// @param rank of every layer, one of [#RANKS]
    /// @param kept the smallest share of a layer's change, as sum of squares, that the rank keeps: 1 is all
    public record Written(int rank, double kept) {}

    /// Writes an adapter at the least of vLLM's ranks that keeps all of it, or at 64 where it changes whole matrices with
    /// larger sides.
    ///
    /// @param adapter a PEFT folder
    /// @param base the Hugging Face folder that it was learned on
    /// @throws IllegalArgumentException where plain LoRA cannot stand for it
    public static Written write(Path adapter, Path base, Path target) {
        return write(adapter, base, target, own(JsonFile.read(adapter.resolve("adapter_config.json"))));
    }

    /// The same at the least of vLLM's ranks that is not below a wanted one.
    ///
    /// @param wanted 1 to 512
    public static Written write(Path adapter, Path base, Path target, int wanted) {
        if (wanted < 1 || wanted > RANKS.getLast()) {
            throw new IllegalArgumentException("rank is %d, must be 1 to %d".formatted(wanted, RANKS.getLast()));
        }
        if (Files.exists(target)) {
            throw new IllegalArgumentException("%s is there already; name a new folder".formatted(target));
        }
        try (var runner = ProgramRunner.open("cpu");
                var model = Model.open(runner, base, ElementType.F32, ElementType.F32);
                var scope = runner.newScope()) {
            var attached = model.readAdapter(scope, adapter);
            int least = Math.min(wanted, attached.fullRank());
            int rank = RANKS.stream().filter(each -> each >= least).findFirst().orElseThrow();
            return new Written(rank, model.saveAsLowRank(target, attached, rank));
        }
    }

    /// The rank of what an adapter adds to a layer, as far as its settings tell.
    private static int own(ObjectNode config) {
        boolean low = config.path("peft_type").asText().equals("LORA")
                && !config.path("use_dora").asBoolean(false);
        if (!low) {
            return WHOLE;
        }
        int rank = config.path("r").asInt(8);
        for (var each : config.path("rank_pattern")) {
            rank = Math.max(rank, each.asInt());
        }
        boolean replaces = config.path("init_lora_weights").asText().matches("pissa|olora");
        return Math.min(replaces ? 2 * rank : rank, RANKS.getLast()); // a part of W goes, another comes
    }
}
