package dev.gyre.llm.adapter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tensor of an adapter.
///
/// @param name under which programs find it; the name of a weight of the model takes that weight's place
/// @param stored its name in the adapter's file, null where it follows from the configuration
/// @param learns whether it moves
public record Part(String name, @Nullable String stored, List<Long> shape, Start start, boolean learns) {

    private static final String PREFIX = "base_model.model.";

    public Part {
        shape = List.copyOf(shape);
    }

    /// A tensor that learns, under its own name in the file.
    static Part learned(String name, Start start, long... shape) {
        return new Part(name, PREFIX + name, sizes(shape), start, true);
    }

    /// A tensor that learns in place of another.
    static Part learnedAs(String stored, String name, Start start, List<Long> shape) {
        return new Part(name, PREFIX + stored, shape, start, true);
    }

    /// A tensor in the file that stays as it is.
    static Part kept(String stored, String name, Start start, List<Long> shape) {
        return new Part(name, stored, shape, start, false);
    }

    /// A number that programs take.
    static Part number(String name, double value) {
        return new Part(name, null, List.of(), new Start.Constant(value), false);
    }

    static List<Long> sizes(long... shape) {
        return java.util.Arrays.stream(shape).boxed().toList();
    }
}
