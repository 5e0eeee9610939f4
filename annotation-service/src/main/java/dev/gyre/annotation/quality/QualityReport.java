package dev.gyre.annotation.quality;

import dev.gyre.annotation.agreement.Estimate;
import dev.gyre.annotation.agreement.Scale;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How good the judgements of a project are; a number that the judgements do not carry is missing.
///
/// @param judgements that stand and that the figures are about
/// @param overlapping tasks that two people or more judged
/// @param computedAt when the figures were worked out
/// @param computedMillis how long that took
public record QualityReport(
        int judgements,
        int overlapping,
        List<Coefficient> coefficients,
        List<Pair> pairs,
        List<Method> consensus,
        List<Writer> writers,
        List<AnnotatorQuality> annotators,
        Instant computedAt,
        long computedMillis) {

    public QualityReport {
        coefficients = List.copyOf(coefficients);
        pairs = List.copyOf(pairs);
        consensus = List.copyOf(consensus);
        writers = List.copyOf(writers);
        annotators = List.copyOf(annotators);
    }

    QualityReport after(long millis) {
        return new QualityReport(
                judgements, overlapping, coefficients, pairs, consensus, writers, annotators, computedAt, millis);
    }

    /// Agreement beyond chance.
    ///
    /// @param name `krippendorff-alpha`, `gwet-ac1`, `gwet-ac2` or `fleiss-kappa`
    public record Coefficient(
            String name, Scale scale, @Nullable Estimate estimate) {}

    /// Two annotators beside each other, by Cohen's κ.
    ///
    /// @param tasks that both judged
    public record Pair(
            String one, String other, int tasks, @Nullable Double kappa) {}

    /// What one way of finding a consensus comes to.
    ///
    /// @param name `majority`, `dawid-skene`, `mace` or `weighted`: the votes by the weights of MACE
    /// @param undecided tasks on which two values are equally probable
    /// @param probability of the most probable value, on average over the tasks
    /// @param asMajority share of the tasks that the majority decides on which it says the same
    /// @param values how many tasks come to each value
    public record Method(
            String name,
            int decided,
            int undecided,
            @Nullable Double probability,
            @Nullable Double asMajority,
            Map<String, Integer> values) {

        public Method {
            values = Map.copyOf(values);
        }
    }

    /// How strong the answers of a model are beside those of others.
    ///
    /// @param model `name@version`
    /// @param strength by Bradley and Terry, every annotator the same; natural logarithm, on average 0
    /// @param weighted the same where annotators who say the contrary of what most find weigh less
    public record Writer(String model, int comparisons, double strength, double weighted) {}
}
