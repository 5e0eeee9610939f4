package dev.gyre.llm.verify;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.program.ProgramRunner;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// The rows that every adapter reads.
record Texts(long[][] ids, long[][] kept, long[][] labels) {

    Texts(JsonNode index) {
        this(rows(index, "input_ids"), rows(index, "attention_mask"), rows(index, "labels"));
    }

    private static long[][] rows(JsonNode index, String key) {
        var rows = new long[index.path(key).size()][];
        for (int row = 0; row < rows.length; row++) {
            var one = index.path(key).get(row);
            rows[row] = new long[one.size()];
            for (int i = 0; i < one.size(); i++) {
                rows[row][i] = one.get(i).asLong();
            }
        }
        return rows;
    }

    Run run(
            ProgramRunner runner,
            Model model,
            Map<String, String> slots,
            Map<String, NDArray> others,
            Map<String, NDArray> learned,
            long[] places) {
        int own = ids[0].length;
        int time = places.length + own;
        // Learned vectors foretell the first token too; learned keys and values stand before the text without a say.
        int foretold = places.length > 0 && places[0] > 0 ? 0 : 1;
        var all = new long[ids.length * time];
        var positions = LongStream.builder();
        var targets = LongStream.builder();
        for (int row = 0; row < ids.length; row++) {
            System.arraycopy(places, 0, all, row * time, places.length);
            System.arraycopy(ids[row], 0, all, row * time + places.length, own);
            for (int i = foretold; i < own; i++) {
                if (labels[row][i] != -100) {
                    positions.add((long) row * time + places.length + i - 1);
                    targets.add(labels[row][i]);
                }
            }
        }
        var filled = new LinkedHashMap<>(model.slots(slots));
        filled.put("objective", "supervised");
        filled.put("likelihood", "likelihood");
        try (var scope = runner.newScope();
                var weights = model.bind(others);
                var given = runner.bind(Map.of())) {
            var read = runner.integers(scope, all, ids.length, time);
            var foreseen = targets.build().toArray();
            var numbers = runner.tensors(
                    scope,
                    runner.load("learning", filled),
                    "gradients",
                    weights,
                    model.shape(),
                    model.config().normEpsilon(),
                    List.copyOf(learned.values()),
                    read,
                    runner.integers(scope, positions.build().toArray(), foreseen.length),
                    runner.integers(scope, foreseen, foreseen.length),
                    runner.integers(scope, new long[foreseen.length], foreseen.length),
                    given,
                    new double[0]);
            var logits = runner.read(runner.tensor(
                    scope,
                    runner.load("language", model.slots(slots)),
                    "logits",
                    weights,
                    model.shape(),
                    model.config().normEpsilon(),
                    read));
            var norms = new LinkedHashMap<String, Double>();
            int next = 0;
            for (var name : learned.keySet()) {
                norms.put(name, Tensors.length(runner.read(numbers.get(next++))));
            }
            long count = learned.values().stream()
                    .mapToLong(tensor -> tensor.getShape().size())
                    .sum();
            return new Run(
                    runner.read(numbers.get(next))[0],
                    sum(logits, places.length, time),
                    first(logits, time),
                    norms,
                    count);
        }
    }

    private double sum(float[] logits, int places, int time) {
        int wide = logits.length / (ids.length * time);
        double sum = 0;
        for (int row = 0; row < ids.length; row++) {
            for (int i = 0; i < ids[row].length; i++) {
                if (kept[row][i] != 0) {
                    int start = (row * time + places + i) * wide;
                    for (int j = start; j < start + wide; j++) {
                        sum += logits[j];
                    }
                }
            }
        }
        return sum;
    }

    private double[] first(float[] logits, int time) {
        int wide = logits.length / (ids.length * time);
        var some = new double[8];
        Arrays.setAll(some, i -> logits[(time - 1) * wide + i]);
        return some;
    }

    /// What a model gives the rows.
    record Run(double loss, double sum, double[] last, Map<String, Double> norms, long count) {

        void tell(JsonNode wanted, boolean gradients, Findings found) {
            found.number("loss", loss, wanted.path("loss").asDouble(), 1e-5);
            found.number("logits_sum_unmasked", sum, wanted.path("logits_sum_unmasked").asDouble(), 1e-5);
            found.numbers("logits_0_last", last, wanted.path("logits_0_last"), 1e-5);
            if (gradients) {
                double total = Math.sqrt(
                        norms.values().stream().mapToDouble(norm -> norm * norm).sum());
                found.number("grad_norm_total", total, wanted.path("grad_norm_total").asDouble(), 1e-3, 0.01);
                found.exact("n_trainable", count, wanted.path("n_trainable").asLong());
            }
        }
    }
}
