package dev.gyre.llm.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// The weights of a model that knows nothing yet, drawn by a seed.
public final class FirstWeights {

    /// Spread of the first weights, as in GPT-2 and BERT.
    private static final double SPREAD = 0.02;

    private FirstWeights() {}

    /// Writes them as a safetensors file, in fp32.
    public static void write(Path file, Architecture shape, long seed) {
        write(file, shape, ElementType.F32, seed);
    }

    /// Writes them as a safetensors file.
    ///
    /// @param type `F32` or `BF16`
    public static void write(Path file, Architecture shape, ElementType type, long seed) {
        if (type != ElementType.F32 && type != ElementType.BF16) {
            throw new IllegalArgumentException("type is %s, must be F32 or BF16".formatted(type));
        }
        double residual =
                switch (shape) {
                    case DecoderConfig decoder -> SPREAD / Math.sqrt(2.0 * decoder.layers());
                    case BertConfig _ -> SPREAD;
                };
        var weights = new ArrayList<TensorFileWriter.Tensor>();
        shape.tensors()
                .forEach((name, sizes) -> weights.add(new TensorFileWriter.Tensor(
                        name, type, sizes, () -> first(name, sizes, type, residual, seed))));
        TensorFileWriter.write(file, weights);
    }

    /// The first numbers of one tensor beside a model that is there, fp32.
    public static ByteBuffer of(String name, List<Long> sizes, long seed) {
        var drawn = first(name, sizes, ElementType.F32, SPREAD, seed);
        return ByteBuffer.allocateDirect(drawn.remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(drawn)
                .flip();
    }

    /// Norms begin at 1, biases at 0, all else is drawn; what is added to the residual stream begins
    /// smaller.
    private static ByteBuffer first(String name, List<Long> sizes, ElementType type, double residual, long seed) {
        int count = Math.toIntExact(sizes.stream().reduce(1L, Math::multiplyExact));
        var bytes = ByteBuffer.allocate(Math.multiplyExact(type.bytes(), count)).order(ByteOrder.LITTLE_ENDIAN);
        var random = new Random(seed ^ (0x9E3779B97F4A7C15L * name.hashCode()));
        boolean added = Stream.of("o_proj.weight", "down_proj.weight", "c_proj.weight").anyMatch(name::endsWith);
        double spread = added ? residual : SPREAD;
        for (int i = 0; i < count; i++) {
            if (name.endsWith(".bias")) {
                type.put(bytes, 0);
            } else if (sizes.size() == 1) {
                type.put(bytes, 1);
            } else {
                type.put(bytes, spread * random.nextGaussian());
            }
        }
        return bytes.flip();
    }
}
