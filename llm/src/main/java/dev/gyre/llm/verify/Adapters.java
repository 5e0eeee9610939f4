package dev.gyre.llm.verify;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.program.ProgramRunner;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Adapters as PEFT wrote them, and the model without one.
final class Adapters {

    private static final List<String> KEYS =
            List.of("loss", "logits_sum_unmasked", "logits_0_last", "grad_norm_total", "n_trainable", "grad_norms");

    private Adapters() {}

    static void verify(Path folder, JsonNode index, String key, Findings findings) {
        try (var runner = ProgramRunner.open("cpu");
                var model = Model.open(runner, folder.resolve(index.path("base").asText("base_llama")), ElementType.F32, ElementType.F32)) {
            var texts = new Texts(index);
            index.path(key).properties().forEach(entry -> {
                var found = findings.at(entry.getKey());
                found.attempt("case", () -> {
                    if (entry.getValue().has("checks")) {
                        new AdapterCase(runner, model, texts, folder.resolve(entry.getKey()), entry.getValue(), found).verify();
                    } else {
                        whole(runner, model, texts, entry.getValue(), found);
                    }
                });
            });
        }
    }

    /// The model without an adapter.
    private static void whole(ProgramRunner runner, Model model, Texts texts, JsonNode wanted, Findings found) {
        var learned = new LinkedHashMap<String, NDArray>();
        model.names().forEach(name -> learned.put(name, model.tensor(name)));
        var run = texts.run(runner, model, Map.of(), Map.of(), learned, new long[0]);
        run.tell(wanted, true, found);
        found.onlyKnown(wanted, KEYS);
        found.norms(run.norms(), wanted.path("grad_norms"));
        found.exact("grad_norms/count", run.norms().size(), wanted.path("grad_norms").size());
    }
}
