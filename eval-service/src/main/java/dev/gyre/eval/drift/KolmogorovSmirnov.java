package dev.gyre.eval.drift;

import dev.gyre.eval.detector.Signal;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;

/// KS: the largest gap between the distributions of two samples.
public final class KolmogorovSmirnov {

    private KolmogorovSmirnov() {}

    public static WindowStatistic test(String statistic, double[] reference, double[] window, double significance) {
        var result = KolmogorovSmirnovTest.withDefaults().test(reference, window);
        var threshold = Math.sqrt(-Math.log(significance / 2) / 2 * (1.0 / reference.length + 1.0 / window.length));
        return new WindowStatistic(
                statistic,
                "ks",
                result.getStatistic(),
                threshold,
                result.getPValue(),
                result.getStatistic(),
                Signal.CALM);
    }
}
