package dev.gyre.llm.verify;

import java.util.Locale;

/// One reference value and what came of computing it again.
///
/// @param place index, case and value, as `arch_index/llama_gqa/loss`
/// @param error distance from the reference in the unit of the tolerance; NaN where nothing could be computed
/// @param tolerance the largest error that is right
public record Finding(String place, String got, String want, double error, double tolerance) {

    public boolean ok() {
        return error <= tolerance;
    }

    /// `ok|FAIL <index>/<case>/<value> got=… want=… error=… tolerance=…`
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s %s got=%s want=%s error=%.3g tolerance=%.3g",
                ok() ? "ok" : "FAIL",
                place,
                got,
                want,
                error,
                tolerance);
    }
}
