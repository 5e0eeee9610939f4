package dev.gyre.eval.embedding;

import java.nio.ByteBuffer;

/// A text as a vector of length 1, or of zeros where the text has nothing to go by.
public final class Embedding {

    private final float[] numbers;

    private Embedding(float[] numbers) {
        this.numbers = numbers;
    }

    /// Scales the numbers to length 1.
    public static Embedding of(float... numbers) {
        var squares = 0.0;
        for (var number : numbers) {
            squares += number * number;
        }
        var length = squares == 0 ? 1 : (float) Math.sqrt(squares);
        var scaled = new float[numbers.length];
        for (var i = 0; i < numbers.length; i++) {
            scaled[i] = numbers[i] / length;
        }
        return new Embedding(scaled);
    }

    /// Reads what [#bytes] wrote.
    public static Embedding read(byte[] bytes) {
        var numbers = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(numbers);
        return new Embedding(numbers);
    }

    public byte[] bytes() {
        var bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
        bytes.asFloatBuffer().put(numbers);
        return bytes.array();
    }

    public int dimensions() {
        return numbers.length;
    }

    /// From 0 to 4; half of it is the cosine distance.
    public double squaredDistance(Embedding other) {
        var sum = 0.0;
        for (var i = 0; i < numbers.length; i++) {
            double difference = numbers[i] - other.numbers[i];
            sum += difference * difference;
        }
        return sum;
    }

    /// Cosine of the angle between two vectors of length 1.
    public double cosine(Embedding other) {
        var sum = 0.0;
        for (var i = 0; i < numbers.length; i++) {
            sum += numbers[i] * other.numbers[i];
        }
        return sum;
    }
}
