package dev.gyre.llm.verify;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.adapter.Attachment;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.program.ProgramRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Adapters as PEFT wrote them: begun, loaded, merged and written back.
final class Adapters {

    /// Beginnings whose spread is measured, and how many spreads away from their mean a loss may be.
    private static final int DRAWS = 32;

    private static final double SPREADS = 4;

    private static final String BASE = "base_llama";
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final List<String> KEYS = List.of(
            "checks",
            "at_init",
            "perturbed",
            "reload_loss_diff",
            "grad_norms",
            "tensors",
            "merged_loss",
            "orth_reg_note",
            "note");

    private Adapters() {}

    static void verify(Path folder, JsonNode index, String key, Findings findings) {
        try (var runner = ProgramRunner.open("cpu");
                var model = Model.open(runner, folder.resolve(BASE), ElementType.F32, ElementType.F32)) {
            var texts = new Texts(index);
            index.path(key).properties().forEach(entry -> {
                var found = findings.at(entry.getKey());
                found.attempt("case", () -> {
                    if (entry.getValue().has("checks")) {
                        new Case(runner, model, texts, folder.resolve(entry.getKey()), entry.getValue(), found).verify();
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
        texts.run(runner, model, Map.of(), Map.of(), learned, new long[0]).tell(wanted, true, found);
        found.onlyKnown(
                wanted,
                List.of("loss", "logits_sum_unmasked", "logits_0_last", "grad_norm_total", "n_trainable", "grad_norms"));
        norms(texts.run(runner, model, Map.of(), Map.of(), learned, new long[0]).norms(), wanted, found);
    }

    private static void norms(Map<String, Double> norms, JsonNode wanted, Findings found) {
        wanted.path("grad_norms").properties().forEach(norm -> {
            var name = norm.getKey();
            var got = norms.get(name);
            if (got == null) {
                found.unknown("grad_norms/" + name, "the gradient of a tensor that learns");
            } else {
                found.number("grad_norms/" + name, got, norm.getValue().asDouble(), 1e-3, 0.01);
            }
        });
        found.exact("grad_norms/count", norms.size(), wanted.path("grad_norms").size());
    }

    /// The rows that every case reads.
    private record Texts(long[][] ids, long[][] kept, long[][] labels) {

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
                    norms.put(name, length(runner.read(numbers.get(next++))));
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

        private static double length(float[] values) {
            double squares = 0;
            for (float value : values) {
                squares += (double) value * value;
            }
            return Math.sqrt(squares);
        }
    }

    /// What a model gives the rows.
    private record Run(double loss, double sum, double[] last, Map<String, Double> norms, long count) {

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

    /// One adapter.
    private record Case(
            ProgramRunner runner, Model model, Texts texts, Path folder, JsonNode wanted, Findings found) {

        void verify() {
            found.onlyKnown(wanted, KEYS);
            wanted.path("checks").forEach(check -> {
                var word = check.asText();
                switch (word) {
                    case "saved" -> found.attempt(word, this::saved);
                    case "grad_norms" -> found.attempt(word, this::gradients);
                    case "at_init" -> found.attempt(word, this::begun);
                    case "merged" -> found.attempt(word, this::merged);
                    default -> found.unknown(word, "a check");
                }
            });
            found.attempt("back", this::back);
        }

        private Run run(Attachment adapter) {
            return texts.run(
                    runner, model, adapter.slots(), adapter.tensors(), adapter.learned(), adapter.places());
        }

        private boolean has(String check) {
            for (var each : wanted.path("checks")) {
                if (each.asText().equals(check)) {
                    return true;
                }
            }
            return false;
        }

        private void saved() {
            try (var scope = runner.newScope()) {
                var adapter = model.readAdapter(scope, folder);
                run(adapter).tell(wanted.path("perturbed"), has("grad_norms"), found.at("saved"));
            }
        }

        private void gradients() {
            try (var scope = runner.newScope()) {
                var adapter = model.readAdapter(scope, folder);
                var norms = run(adapter).norms();
                var named = new LinkedHashMap<String, Double>();
                var stored = adapter.stored();
                wanted.path("grad_norms").fieldNames().forEachRemaining(name -> norms.forEach((own, norm) -> {
                    if (plain(name).equals(stored.get(own))) {
                        named.put(name, norm);
                    }
                }));
                found.exact("learned", norms.size(), named.size());
                norms(named, wanted, found);
            }
        }

        /// A parameter's name in a running PEFT model as the name in its file: without the adapter's own name.
        private static String plain(String parameter) {
            return parameter.startsWith("prompt_encoder.")
                    ? "prompt_embeddings"
                    : parameter
                            .replaceFirst("\\.modules_to_save\\.[^.]+\\.", ".")
                            .replaceFirst("(\\.(lora|ia3|vera|oft|hada|lokr|ln_tuning)_[^.]+)\\.[^.]+", "$1")
                            .replaceFirst("(\\.lora_magnitude_vector)\\.weight$", "$1");
        }

        /// Begun from its configuration alone. The reference's random numbers are not ours: a loss that they reach,
        /// through a penalty on the adapter itself, must lie where ours lie; all else must be equal.
        private void begun() {
            var at = found.at("at_init");
            var wants = wanted.path("at_init");
            var first = begun(1);
            if (!first.random()) {
                at.number("loss", first.run().loss(), wants.path("loss").asDouble(), 1e-5);
                return;
            }
            at.number("logits_sum_unmasked", first.run().sum(), wants.path("logits_sum_unmasked").asDouble(), 1e-5);
            at.numbers("logits_0_last", first.run().last(), wants.path("logits_0_last"), 1e-5);
            var losses = IntStream.rangeClosed(1, DRAWS).mapToDouble(seed -> begun(seed).run().loss()).toArray();
            double mean = Arrays.stream(losses).average().orElseThrow();
            double spread = Math.sqrt(Arrays.stream(losses).map(loss -> (loss - mean) * (loss - mean)).sum() / (DRAWS - 1));
            at.number("loss", mean, wants.path("loss").asDouble(), SPREADS * spread / Math.max(1, Math.abs(mean)));
        }

        private record Begun(Run run, boolean random) {}

        private Begun begun(int seed) {
            try (var scope = runner.newScope()) {
                var adapter = Attachment.begin(runner, scope, model.base(), folder, seed);
                return new Begun(run(adapter), adapter.slots().containsKey("penalty"));
            }
        }

        private void merged() {
            if (!wanted.has("merged_loss")) {
                return;
            }
            inTemporary(target -> {
                try (var scope = runner.newScope()) {
                    model.saveMerged(target, model.readAdapter(scope, folder));
                }
                try (var after = Model.open(runner, target, ElementType.F32, ElementType.F32)) {
                    var run = texts.run(runner, after, Map.of(), Map.of(), Map.of("", after.tensor("model.norm.weight")), new long[0]);
                    found.number("merged_loss", run.loss(), wanted.path("merged_loss").asDouble(), 1e-5);
                }
            });
        }

        /// The loaded adapter written again is what was read.
        private void back() {
            inTemporary(target -> {
                try (var scope = runner.newScope()) {
                    model.readAdapter(scope, folder).save(target);
                }
                found.exact("back/configuration", JsonFile.read(target.resolve(CONFIG)), JsonFile.read(folder.resolve(CONFIG)));
                try (var got = TensorFile.open(target.resolve(WEIGHTS));
                        var want = TensorFile.open(folder.resolve(WEIGHTS))) {
                    found.exact("back/tensors", described(got), described(want));
                    found.exact("tensors", shapes(got), wantedShapes());
                    long equal = want.entries().values().stream()
                            .filter(entry -> got.entries().containsKey(entry.name())
                                    && got.bytes(got.entries().get(entry.name())).equals(want.bytes(entry)))
                            .count();
                    found.exact("back/values", equal, (long) want.entries().size());
                }
            });
        }

        private static Map<String, String> described(TensorFile file) {
            var all = new TreeMap<String, String>();
            file.entries().values().forEach(entry -> all.put(entry.name(), entry.type() + " " + entry.shape()));
            return all;
        }

        private static Map<String, String> shapes(TensorFile file) {
            var all = new TreeMap<String, String>();
            file.entries().values().forEach(entry -> all.put(entry.name(), entry.shape().toString().replace(" ", "")));
            return all;
        }

        private Map<String, String> wantedShapes() {
            var all = new TreeMap<String, String>();
            wanted.path("tensors").properties().forEach(entry -> all.put(entry.getKey(), entry.getValue().toString()));
            return all;
        }

        private interface Work {
            void in(Path target);
        }

        private static void inTemporary(Work work) {
            try {
                var target = Files.createTempDirectory("gyre-verify");
                try {
                    work.in(target.resolve("written"));
                } finally {
                    try (var files = Files.walk(target)) {
                        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                            Files.delete(file);
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write to the temporary folder", e);
            }
        }
    }
}
