package dev.gyre.llm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Collects what is found under one place of an index, each value told to a listener as it comes.
public final class Findings {

    private static final int SHOWN = 160;
    private static final double GRADIENT = 1e-3;
    private static final double SMALL_GRADIENT = 0.01;

    private final String place;
    private final Consumer<Finding> listener;

    Findings(String place, Consumer<Finding> listener) {
        this.place = place;
        this.listener = listener;
    }

    /// The same collection one level deeper.
    Findings at(String name) {
        return new Findings(place + "/" + name, listener);
    }

    /// A number within a tolerance relative to the greater of `floor` and the wanted value's size.
    void number(String value, double got, double want, double tolerance, double floor) {
        double error = Math.abs(got - want) / Math.max(floor, Math.abs(want));
        tell(value, Double.toString(got), Double.toString(want), error, tolerance);
    }

    /// A number within a tolerance relative to max(1, |want|).
    void number(String value, double got, double want, double tolerance) {
        number(value, got, want, tolerance, 1);
    }

    /// Numbers in any nesting, in order, told as the one that is furthest off.
    void numbers(String value, double[] got, JsonNode want, double tolerance) {
        var wanted = flat(want);
        if (got.length != wanted.size()) {
            tell(value, got.length + " numbers", wanted.size() + " numbers", Double.NaN, tolerance);
            return;
        }
        int worst = 0;
        double error = 0;
        for (int i = 0; i < got.length; i++) {
            double wants = wanted.get(i);
            double off = Math.abs(got[i] - wants) / Math.max(1, Math.abs(wants));
            if (!(off <= error)) {
                worst = i;
                error = off;
            }
        }
        if (got.length == 0) {
            tell(value, "nothing", "nothing", 0, tolerance);
        } else {
            tell(value, got[worst] + " [" + worst + "]", Double.toString(wanted.get(worst)), error, tolerance);
        }
    }

    /// Numbers in order, told as the one that is furthest off; infinite where it is to be infinite.
    void numbers(String value, float[] got, float[] want, double tolerance) {
        if (got.length != want.length) {
            tell(value, got.length + " numbers", want.length + " numbers", Double.NaN, tolerance);
            return;
        }
        int worst = 0;
        double error = 0;
        for (int i = 0; i < got.length; i++) {
            double off = got[i] == want[i] ? 0 : Math.abs(got[i] - want[i]) / Math.max(1, Math.abs(want[i]));
            if (!(off <= error)) {
                worst = i;
                error = off;
            }
        }
        tell(value, got[worst] + " [" + worst + "]", Float.toString(want[worst]), error, tolerance);
    }

    /// The length of each tensor's gradient by the tensor's name.
    void norms(Map<String, Double> got, JsonNode want) {
        want.properties().forEach(norm -> {
            var place = "grad_norms/" + norm.getKey();
            var own = got.get(norm.getKey());
            if (own == null) {
                unknown(place, "the gradient of a tensor that learns");
            } else {
                number(place, own, norm.getValue().asDouble(), GRADIENT, SMALL_GRADIENT);
            }
        });
    }

    /// Anything that must be equal.
    void exact(String value, Object got, Object want) {
        tell(value, String.valueOf(got), String.valueOf(want), got.equals(want) ? 0 : 1, 0);
    }

    /// A value or setting that this library does not know.
    void unknown(String value, String what) {
        tell(value, "unknown", what, Double.NaN, 0);
    }

    /// Whatever has a key that is not known is a failure, not something to skip.
    void onlyKnown(JsonNode values, List<String> known) {
        var more = new TreeSet<String>();
        values.fieldNames().forEachRemaining(more::add);
        known.forEach(more::remove);
        more.forEach(key -> unknown(key, values.path(key).toString()));
    }

    /// Runs a computation; where it ends in an exception, that is what was found.
    void attempt(String value, Runnable computation) {
        try {
            computation.run();
        } catch (RuntimeException failure) {
            tell(value, Objects.toString(failure.getMessage(), failure.toString()), "a value", Double.NaN, 0);
        }
    }

    private void tell(String value, String got, String want, double error, double tolerance) {
        listener.accept(new Finding(place + "/" + value, line(got), line(want), error, tolerance));
    }

    private static String line(String text) {
        var plain = text.replace("\n", "\\n").replace("\r", "\\r");
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "…";
    }

    private static List<Double> flat(JsonNode numbers) {
        var all = new ArrayList<Double>();
        if (numbers.isArray()) {
            numbers.forEach(each -> all.addAll(flat(each)));
        } else {
            all.add(numbers.asDouble());
        }
        return all;
    }
}
