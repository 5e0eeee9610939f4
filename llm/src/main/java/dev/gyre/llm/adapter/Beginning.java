package dev.gyre.llm.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleSupplier;

/// Makes the tensors that an adapter begins with; chance depends on the seed and the tensor's name alone.
final class Beginning {

    private final ProgramRunner runner;
    private final NDManager scope;
    private final Base base;
    private final Program program;
    private final long seed;
    private final Map<String, List<NDArray>> factors = new HashMap<>();

    Beginning(ProgramRunner runner, NDManager scope, Base base, Program program, long seed) {
        this.runner = runner;
        this.scope = scope;
        this.base = base;
        this.program = program;
        this.seed = seed;
    }

    NDArray tensor(Part part) {
        var random = new Random(seed ^ (0x9E3779B97F4A7C15L * part.name().hashCode()));
        return switch (part.start()) {
            case Start.Constant constant -> filled(part, constant::value);
            case Start.Uniform uniform -> filled(part, () -> (2 * random.nextDouble() - 1) * uniform.bound());
            case Start.Normal normal -> filled(part, () -> random.nextGaussian() * normal.deviation());
            case Start.Copy copy -> runner.tensor(scope, program, "copy", base.weight(copy.weight()));
            case Start.Lengths lengths -> runner.tensor(scope, program, "lengths", base.weight(lengths.weight()));
            case Start.Rows rows -> {
                var drawn = random.longs(part.shape().getFirst(), 0, base.shape(rows.weight()).getFirst())
                        .toArray();
                yield runner.tensor(scope, program, "rows", base.weight(rows.weight()), drawn);
            }
            case Start.Factor factor -> Objects.requireNonNull(factors.computeIfAbsent(factor.weight(), _ -> split(factor))
                    .get(factor.part()));
        };
    }

    private List<NDArray> split(Start.Factor factor) {
        return runner.tensors(
                scope, program, factor.by(), base.weight(factor.weight()), (long) factor.rank(), factor.scale());
    }

    private NDArray filled(Part part, DoubleSupplier number) {
        long count = part.shape().stream().reduce(1L, Math::multiplyExact);
        var values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) number.getAsDouble();
        }
        return runner.floats(
                scope, values, part.shape().stream().mapToLong(Long::longValue).toArray());
    }
}
