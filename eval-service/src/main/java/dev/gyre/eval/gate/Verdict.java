package dev.gyre.eval.gate;

import java.util.List;

/// What the gate says of a candidate, in whole sentences with figures.
public sealed interface Verdict {

    List<String> reasons();

    /// It may become champion.
    record Pass(List<String> reasons) implements Verdict {

        public Pass {
            reasons = List.copyOf(reasons);
        }
    }

    /// It is broken, or worse than the champion where that matters.
    record Fail(List<String> reasons) implements Verdict {

        public Fail {
            reasons = List.copyOf(reasons);
        }
    }

    /// The evidence does not tell; the champion stays.
    record Inconclusive(List<String> reasons) implements Verdict {

        public Inconclusive {
            reasons = List.copyOf(reasons);
        }
    }
}
