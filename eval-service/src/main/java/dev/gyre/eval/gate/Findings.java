package dev.gyre.eval.gate;

import dev.gyre.eval.measure.Comparison;
import dev.gyre.eval.measure.Metric;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.ModelVersion;
import java.util.List;
import java.util.Optional;

/// What an examination found.
public sealed interface Findings {

    /// The candidate cannot be used at all.
    record Broken(String reason) implements Findings {}

    /// There is no champion to beat; the candidate opens, computes finite numbers and writes.
    ///
    /// @param doubts why the judgements that it learned from are in doubt, in sentences
    /// @param observations what was seen, in sentences
    record Unopposed(ModelVersion candidate, List<String> doubts, List<String> observations) implements Findings {

        public Unopposed {
            doubts = List.copyOf(doubts);
            observations = List.copyOf(observations);
        }
    }

    /// Candidate and champion were measured on the same rows.
    ///
    /// @param opponent the champion, or what stands in for one
    /// @param own the suite of the candidate's own data set
    /// @param past the suites of the data sets that earlier versions were trained on
    /// @param doubts why the judgements that it learned from are in doubt, in sentences
    record Opposed(
            ModelVersion candidate,
            String opponent,
            Target own,
            List<Target> past,
            List<String> doubts,
            List<String> observations)
            implements Findings {

        public Opposed {
            past = List.copyOf(past);
            doubts = List.copyOf(doubts);
            observations = List.copyOf(observations);
        }
    }

    /// One suite, or why there is none.
    sealed interface Target {

        /// @param reason a sentence
        record Missing(String reason) implements Target {}

        /// @param name what people call the suite
        /// @param held rows of the held-out part
        /// @param leftOut rows that a model could not read to their end
        record Measured(String name, Kind kind, int held, int leftOut, List<Comparison> comparisons) implements Target {

            public Measured {
                comparisons = List.copyOf(comparisons);
            }

            /// The figure that decides; nothing where no row could be compared.
            public Optional<Comparison> decisive() {
                return comparisons.stream()
                        .filter(comparison -> isDecisive(comparison) && isWhole(comparison))
                        .findFirst();
            }

            /// The figure that decides, on every slice but the whole.
            List<Comparison> slices() {
                return comparisons.stream()
                        .filter(comparison -> isDecisive(comparison) && !isWhole(comparison))
                        .toList();
            }

            private boolean isDecisive(Comparison comparison) {
                return comparison.metric() == Metric.of(kind).getFirst();
            }

            private static boolean isWhole(Comparison comparison) {
                return comparison.slice().equals(Comparison.ALL);
            }
        }
    }
}
