package dev.gyre.llm.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// The weights of a model that knows nothing yet, drawn by a seed.
public final class FirstWeights {

    /// Spread of the first weights, as in GPT-2 and BERT.
    private static final double SPREAD = 0.02;

    private FirstWeights() {}

    /// Writes them as a safetensors file.
    public static void write(Path file, Architecture shape, long seed) {
        double residual =
                switch (shape) {
                    case DecoderConfig decoder -> SPREAD / Math.sqrt(2.0 * decoder.layers());
                    case BertConfig _ -> SPREAD;
                };
        var weights = new ArrayList<TensorFileWriter.Tensor>();
        shape.tensors()
                .forEach((name, sizes) -> weights.add(new TensorFileWriter.Tensor(
                        name, ElementType.F32, sizes, () -> first(name, sizes, residual, seed))));
        TensorFileWriter.write(file, weights);
    }

    /// The first numbers of one tensor beside a model that is there, fp32.
    public static ByteBuffer of(String name, List<Long> sizes, long seed) {
        var drawn = first(name, sizes, SPREAD, seed);
        return ByteBuffer.allocateDirect(drawn.remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(drawn)
                .flip();
    }

    /// Norms begin at 1, biases at 0, all else is drawn; what is added to the residual stream begins
    /// smaller.
    private static ByteBuffer first(String name, List<Long> sizes, double residual, long seed) {
        int count = Math.toIntExact(sizes.stream().reduce(1L, Math::multiplyExact));
        var bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        var random = new Random(seed ^ (0x9E3779B97F4A7C15L * name.hashCode()));
        boolean added = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
        double spread = added ? residual : SPREAD;
        for (int i = 0; i < count; i++) {
            if (name.toLowerCase(Locale.ROOT).endsWith("norm.weight")) {
                bytes.putFloat(1);
            } else if (name.endsWith(".bias")) {
                bytes.putFloat(0);
            } else {
                bytes.putFloat((float) (spread * random.nextGaussian()));
            }
        }
        return bytes.flip();
    }
}
