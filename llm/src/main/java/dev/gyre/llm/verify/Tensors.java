package dev.gyre.llm.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.program.ProgramRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Numbers of an index as tensors, and back.
final class Tensors {

    private Tensors() {}

    /// Nested numbers as an fp32 tensor of the same shape.
    static NDArray of(ProgramRunner runner, NDManager scope, JsonNode numbers) {
        var shape = new ArrayList<Long>();
        for (var inner = numbers; inner.isArray(); inner = inner.path(0)) {
            shape.add((long) inner.size());
        }
        var values = new ArrayList<Float>();
        collect(numbers, values);
        return runner.floats(
                scope, floats(values), shape.stream().mapToLong(Long::longValue).toArray());
    }

    private static void collect(JsonNode numbers, List<Float> values) {
        if (numbers.isArray()) {
            numbers.forEach(each -> collect(each, values));
        } else {
            values.add((float) numbers.asDouble());
        }
    }

    static float[] floats(List<Float> values) {
        var all = new float[values.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = values.get(i);
        }
        return all;
    }

    /// The Euclidean length of a vector.
    static double length(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
