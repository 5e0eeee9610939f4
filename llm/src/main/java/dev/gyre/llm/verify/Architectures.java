package dev.gyre.llm.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.ModelFolder;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/// Checkpoints in Hugging Face layout: loss, scores, and the norm of every weight's gradient.
final class Architectures {

    private static final List<String> KNOWN =
            List.of("loss", "logits_row0_last", "logits_row1_tok4", "grad_norms", "tensors");
    private static final double LOSS = 1e-5;
    private static final double LOGITS = 1e-4;

    private Architectures() {}

    static void verify(Path folder, JsonNode index, String key, Findings findings) {
        try (var runner = ProgramRunner.open("cpu")) {
            index.path(key).properties().forEach(each -> {
                var at = findings.at(each.getKey());
                at.onlyKnown(each.getValue(), KNOWN);
                at.attempt(
                        "open",
                        () -> new Case(runner, Inputs.of(index.path("inputs")), each.getValue(), at)
                                .verify(folder.resolve("arch_" + each.getKey())));
            });
        }
    }

    private record Case(ProgramRunner runner, Inputs inputs, JsonNode wanted, Findings findings) {

        void verify(Path folder) {
            tensors(folder);
            try (var model = Model.open(runner, folder, ElementType.F32, ElementType.F32);
                    var scope = runner.newScope();
                    var weights = model.bind(Map.of())) {
                logits(model, weights, scope);
                gradients(model, weights, scope);
            }
        }

        private void tensors(Path folder) {
            try (var opened = ModelFolder.open(folder)) {
                var found = new TreeMap<String, String>();
                opened.config().tensors().keySet().forEach(name -> found.put(name, opened.entry(name).shape() + ""));
                var want = new TreeMap<String, String>();
                wanted.path("tensors").properties().forEach(each -> want.put(each.getKey(), shape(each.getValue())));
                findings.exact("tensors", found, want);
            }
        }

        private static String shape(JsonNode sizes) {
            var all = new ArrayList<Long>();
            sizes.forEach(size -> all.add(size.asLong()));
            return all.toString();
        }

        private void logits(Model model, Weights weights, NDManager scope) {
            var ids = runner.integers(scope, inputs.ids(), inputs.rows(), inputs.time());
            var lengths = runner.integers(scope, inputs.lengths(), inputs.rows());
            var program = runner.load(reading(model), model.slots(slots(model)));
            Object[] arguments = model.config() instanceof BertConfig
                    ? new Object[] {weights, model.shape(), model.config().normEpsilon(), ids, lengths}
                    : new Object[] {weights, model.shape(), model.config().normEpsilon(), ids};
            var scores = runner.tensor(scope, program, method(model), arguments);
            var sizes = scores.getShape().getShape();
            var values = runner.read(scores);
            int wide = (int) sizes[sizes.length - 1];
            boolean perRow = sizes.length == 2; // the scores of labels
            findings.attempt("logits_row0_last", () -> compare(
                    "logits_row0_last", values, perRow ? 0 : (inputs.last(0)) * wide, wide));
            findings.attempt("logits_row1_tok4", () -> compare(
                    "logits_row1_tok4", values, perRow ? wide : (inputs.time() + 4) * wide, wide));
        }

        private void compare(String value, float[] values, int from, int wide) {
            int count = Math.min(wanted.path(value).size(), wide);
            var got = new double[count];
            for (int i = 0; i < count; i++) {
                got[i] = values[from + i];
            }
            findings.numbers(value, got, wanted.path(value), LOGITS);
        }

        private void gradients(Model model, Weights weights, NDManager scope) {
            var learned = model.names().stream().map(model::tensor).toList();
            var targets = inputs.targets(model.config());
            List<NDArray> answer;
            try (var nothing = runner.bind(Map.of())) {
                answer = runner.tensors(
                        scope,
                        program(model),
                        "gradients",
                        weights,
                        model.shape(),
                        model.config().normEpsilon(),
                        learned,
                        runner.integers(scope, inputs.ids(), inputs.rows(), inputs.time()),
                        runner.integers(scope, targets.positions(), targets.positions().length),
                        runner.integers(scope, targets.ids(), targets.ids().length),
                        runner.integers(scope, new long[0], 0),
                        nothing,
                        new double[0]);
            }
            findings.number("loss", number(answer.get(learned.size())), wanted.path("loss").asDouble(), LOSS);
            var norms = new TreeMap<String, Double>();
            for (int i = 0; i < learned.size(); i++) {
                norms.put(model.names().get(i), Tensors.length(runner.read(answer.get(i))));
            }
            findings.norms(norms, wanted.path("grad_norms"));
        }

        private Program program(Model model) {
            var slots = new TreeMap<>(slots(model));
            slots.put("objective", "supervised");
            return runner.load("learning", model.slots(slots));
        }

        private static String reading(Model model) {
            return model.config() instanceof DecoderConfig ? "language" : "encoder";
        }

        private static String method(Model model) {
            return model.config() instanceof BertConfig bert && bert.masked() ? "words" : "logits";
        }

        private static Map<String, String> slots(Model model) {
            return switch (model.config()) {
                case DecoderConfig _ -> Map.of("linear", "linear", "likelihood", "likelihood");
                case BertConfig bert ->
                    Map.of("linear", "linear", "likelihood", bert.masked() ? "masked" : "labels");
            };
        }

        private double number(NDArray tensor) {
            return runner.read(tensor)[0];
        }
    }

    /// Where in (rows · time) the token stands that gives a target, or the lengths of the rows where these are needed.
    private record Targets(long[] positions, long[] ids) {}

    /// Rows of ids, padded on the right, and what they teach: -100 teaches nothing.
    private record Inputs(int rows, int time, long[] ids, long[] lengths, JsonNode labels, JsonNode labelOfRow) {

        static Inputs of(JsonNode given) {
            int rows = given.path("input_ids").size();
            int time = given.path("input_ids").path(0).size();
            var ids = new long[rows * time];
            var lengths = new long[rows];
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < time; i++) {
                    ids[row * time + i] = given.path("input_ids").get(row).get(i).asLong();
                    lengths[row] += given.path("attention_mask").get(row).get(i).asLong();
                }
                if (given.path("attention_mask").get(row).get(0).asInt() == 0) {
                    throw new IllegalArgumentException("row %d is padded on the left, must be on the right".formatted(row));
                }
            }
            return new Inputs(rows, time, ids, lengths, given.path("labels"), given.path("bert_cls_labels"));
        }

        /// The last position of a row, padding included.
        int last(int row) {
            return row * time + time - 1;
        }

        Targets targets(Architecture config) {
            return switch (config) {
                case DecoderConfig _ -> targets(1, new long[0]);
                case BertConfig bert -> bert.masked() ? targets(0, lengths) : new Targets(lengths, labelsOfRows());
            };
        }

        private Targets targets(int ahead, long[] before) {
            var positions = LongStream.builder();
            var targets = LongStream.builder();
            LongStream.of(before).forEach(positions::add);
            for (int row = 0; row < rows; row++) {
                for (int i = ahead; i < time; i++) {
                    if (labels.get(row).get(i).asLong() >= 0) {
                        positions.add((long) row * time + i - ahead);
                        targets.add(labels.get(row).get(i).asLong());
                    }
                }
            }
            return new Targets(positions.build().toArray(), targets.build().toArray());
        }

        private long[] labelsOfRows() {
            var all = new long[labelOfRow.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = labelOfRow.get(i).asLong();
            }
            return all;
        }
    }
}
