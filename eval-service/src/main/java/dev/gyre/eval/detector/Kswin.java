package dev.gyre.eval.detector;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;

/// KSWIN: the newest values against as many drawn from the older ones, by the Kolmogorov–Smirnov test.
///
/// Raab, Heusinger and Schleif, "Reactive soft prototype computing for concept drift streams", Neurocomputing 2020.
public final class Kswin implements StreamDetector {

    private static final double SMALLEST_DISTANCE = 0.1;

    private final double significance;
    private final int size;
    private final int newest;
    private final Supplier<? extends RandomGenerator> seeded;
    private final List<Double> window = new ArrayList<>();
    private RandomGenerator random;

    public Kswin(Supplier<? extends RandomGenerator> seeded) {
        this(0.005, 100, 30, seeded);
    }

    /// @param significance α, the p-value that is drift
    /// @param size values that are kept
    /// @param newest how many of them are tested against as many others
    /// @param seeded gives the same generator again for every fresh start
    public Kswin(double significance, int size, int newest, Supplier<? extends RandomGenerator> seeded) {
        if (newest < 1 || newest > size - newest) {
            throw new IllegalArgumentException(
                    "newest is %d, must be 1 to half of the window of %d".formatted(newest, size));
        }
        this.significance = significance;
        this.size = size;
        this.newest = newest;
        this.seeded = seeded;
        this.random = seeded.get();
    }

    @Override
    public Signal update(double value) {
        window.add(value);
        if (window.size() > size) {
            window.removeFirst();
        }
        if (window.size() < size) {
            return Signal.CALM;
        }
        var recent = values(window.subList(size - newest, size));
        var result = KolmogorovSmirnovTest.withDefaults().test(drawn(), recent);
        if (result.getPValue() > significance || result.getStatistic() <= SMALLEST_DISTANCE) {
            return Signal.CALM;
        }
        window.clear();
        random = seeded.get();
        return Signal.DRIFT;
    }

    /// Draws without replacement as Python's `random.sample` does from a population this small.
    private double[] drawn() {
        var pool = values(window.subList(0, size - newest));
        var drawn = new double[newest];
        for (var i = 0; i < newest; i++) {
            var last = pool.length - 1 - i;
            var chosen = below(last + 1);
            drawn[i] = pool[chosen];
            pool[chosen] = pool[last];
        }
        return drawn;
    }

    private int below(int bound) {
        var spare = Integer.numberOfLeadingZeros(bound);
        int number;
        do {
            number = random.nextInt() >>> spare;
        } while (number >= bound);
        return number;
    }

    private static double[] values(List<Double> list) {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
