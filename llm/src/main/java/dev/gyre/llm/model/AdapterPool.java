package dev.gyre.llm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.adapter.Attachment;
import dev.gyre.llm.program.ProgramRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// LoRA adapters side by side in memory, so that each row of a batch has its own.
///
/// Smaller ranks are filled up with zeros to the largest.
final class AdapterPool {

    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";
    private static final String SCALE = ".lora_scale";

    private final List<String> names;

    /// Of each module its adapters' A (adapters, rank, in) and B (adapters, out, rank), the first of them none.
    private final Map<String, NDArray> tensors = new LinkedHashMap<>();

    private AdapterPool(List<String> names) {
        this.names = List.copyOf(names);
    }

    /// @param folders of PEFT, by the names that prompts give
    /// @throws IllegalArgumentException where one is not LoRA on linear layers alone
    static AdapterPool open(ProgramRunner runner, NDManager memory, Model model, SequencedMap<String, Path> folders) {
        var pool = new AdapterPool(new ArrayList<>(folders.keySet()));
        try (var scope = runner.newScope()) {
            var adapters = new ArrayList<Map<String, NDArray>>();
            folders.forEach((name, folder) -> adapters.add(read(runner, scope, model, name, folder)));
            var modules = new TreeMap<String, Map<Integer, Factors>>(); // the number of the adapter, from 1
            for (int i = 0; i < adapters.size(); i++) {
                var tensors = adapters.get(i);
                for (var tensor : tensors.keySet()) {
                    if (tensor.endsWith(DOWN)) {
                        var module = tensor.substring(0, tensor.length() - DOWN.length());
                        modules.computeIfAbsent(module, _ -> new TreeMap<>())
                                .put(i + 1, Factors.of(runner, module, tensors));
                    }
                }
            }
            modules.forEach((module, factors) -> pool.stack(runner, memory, module, factors));
        }
        return pool;
    }

    private static Map<String, NDArray> read(
            ProgramRunner runner, NDManager scope, Model model, String name, Path folder) {
        Attachment adapter = model.readAdapter(scope, folder);
        if (!adapter.slots().equals(Map.of("linear", "lora"))
                || adapter.tensors().keySet().stream()
                        .anyMatch(tensor -> !tensor.endsWith(DOWN) && !tensor.endsWith(UP) && !tensor.endsWith(SCALE))) {
            throw new IllegalArgumentException(
                    "adapter %s in %s is not LoRA on linear layers alone; open a model for it by itself"
                            .formatted(name, folder));
        }
        return adapter.tensors();
    }

    /// A and B of one adapter at one module.
    ///
    /// @param down (rank, in)
    /// @param up (out, rank), its scale inside
    private record Factors(int rank, int in, int out, float[] down, float[] up) {

        static Factors of(ProgramRunner runner, String module, Map<String, NDArray> tensors) {
            var a = tensor(tensors, module + DOWN);
            var b = tensor(tensors, module + UP);
            var up = runner.read(b);
            float scale = runner.read(tensor(tensors, module + SCALE))[0];
            for (int i = 0; i < up.length; i++) {
                up[i] *= scale;
            }
            return new Factors(
                    (int) a.getShape().get(0),
                    (int) a.getShape().get(1),
                    (int) b.getShape().get(0),
                    runner.read(a),
                    up);
        }

        private static NDArray tensor(Map<String, NDArray> tensors, String name) {
            var tensor = tensors.get(name);
            if (tensor == null) {
                throw new IllegalArgumentException("the adapter has no tensor " + name);
            }
            return tensor;
        }
    }

    private void stack(ProgramRunner runner, NDManager memory, String module, Map<Integer, Factors> adapters) {
        int rank = adapters.values().stream().mapToInt(Factors::rank).max().orElseThrow();
        var any = adapters.values().iterator().next();
        int in = any.in();
        int out = any.out();
        int count = names.size() + 1;
        var down = new float[count * rank * in];
        var up = new float[count * out * rank];
        adapters.forEach((number, each) -> {
            System.arraycopy(each.down(), 0, down, number * rank * in, each.down().length);
            for (int row = 0; row < out; row++) {
                System.arraycopy(each.up(), row * each.rank(), up, (number * out + row) * rank, each.rank());
            }
        });
        tensors.put(module + DOWN, runner.floats(memory, down, count, rank, in));
        tensors.put(module + UP, runner.floats(memory, up, count, out, rank));
    }

    Map<String, NDArray> tensors() {
        return tensors;
    }

    /// What the program is told of a batch: the number of each row's adapter.
    ///
    /// @throws IllegalArgumentException naming an adapter that was not opened
    Map<String, NDArray> rows(ProgramRunner runner, NDManager scope, List<AdaptedPrompt> prompts) {
        var rows = new long[prompts.size()];
        for (int i = 0; i < rows.length; i++) {
            var name = prompts.get(i).adapter();
            rows[i] = name == null ? 0 : names.indexOf(name) + 1;
            if (name != null && rows[i] == 0) {
                throw new IllegalArgumentException("adapter is %s, must be one of %s".formatted(name, names));
            }
        }
        return Map.of("adapter.rows", runner.integers(scope, rows, rows.length));
    }
}
