package dev.gyre.eval.monitor;

import dev.gyre.eval.drift.DriftSettings;
import dev.gyre.eval.drift.FalseDiscovery;
import dev.gyre.eval.drift.KolmogorovSmirnov;
import dev.gyre.eval.drift.MaximumMeanDiscrepancy;
import dev.gyre.eval.drift.PopulationStability;
import dev.gyre.eval.drift.WindowStatistic;
import dev.gyre.eval.drift.Words;
import dev.gyre.eval.embedding.Embedding;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Measures a window of interactions against the reference, judged over all statistics together.
///
/// @param permutations of the test on embeddings
record WindowTests(int permutations) {

    /// What people ask: prompts as points, their length, their alphabet, words never seen before.
    ///
    /// @param seed of the permutations; the same window gives the same figures again
    List<WindowStatistic> ofInput(
            List<Interaction> reference, List<Interaction> window, DriftSettings settings, long seed) {
        var alpha = settings.significance();
        return FalseDiscovery.judge(
                List.of(
                        new MaximumMeanDiscrepancy(permutations)
                                .test("embedding", embeddings(reference), embeddings(window), alpha, seed),
                        length("prompt-length", reference, window, Interaction::prompt, alpha),
                        alphabet("prompt-alphabet", reference, window, Interaction::prompt, alpha),
                        unknownWords("prompt-unknown-words", reference, window, Interaction::prompt, alpha)),
                settings);
    }

    /// What the model says: length, alphabet, words never said before, and words said again and again.
    List<WindowStatistic> ofOutput(List<Interaction> reference, List<Interaction> window, DriftSettings settings) {
        var alpha = settings.significance();
        ToDoubleFunction<Interaction> repeated = one -> one.answer().repeated();
        return FalseDiscovery.judge(
                List.of(
                        length("answer-length", reference, window, Interaction::answer, alpha),
                        alphabet("answer-alphabet", reference, window, Interaction::answer, alpha),
                        unknownWords("answer-unknown-words", reference, window, Interaction::answer, alpha),
                        KolmogorovSmirnov.test(
                                "answer-repetition", numbers(reference, repeated), numbers(window, repeated), alpha)),
                settings);
    }

    private static WindowStatistic length(
            String name,
            List<Interaction> reference,
            List<Interaction> window,
            Function<Interaction, Traits> text,
            double alpha) {
        ToDoubleFunction<Interaction> length = one -> text.apply(one).length();
        return PopulationStability.test(name, numbers(reference, length), numbers(window, length), alpha);
    }

    private static WindowStatistic alphabet(
            String name,
            List<Interaction> reference,
            List<Interaction> window,
            Function<Interaction, Traits> text,
            double alpha) {
        Function<Interaction, String> alphabet = one -> text.apply(one).alphabet();
        return PopulationStability.test(
                name,
                reference.stream().map(alphabet).toList(),
                window.stream().map(alphabet).toList(),
                alpha);
    }

    private static WindowStatistic unknownWords(
            String name,
            List<Interaction> reference,
            List<Interaction> window,
            Function<Interaction, Traits> text,
            double alpha) {
        var before = reference.stream().map(one -> text.apply(one).codes()).toList();
        var now = window.stream().map(one -> text.apply(one).codes()).toList();
        return KolmogorovSmirnov.test(name, Words.unknownInReference(before), Words.unknown(before, now), alpha);
    }

    private static List<Embedding> embeddings(List<Interaction> interactions) {
        return interactions.stream().map(Interaction::embedding).toList();
    }

    private static double[] numbers(List<Interaction> interactions, ToDoubleFunction<Interaction> number) {
        return interactions.stream().mapToDouble(number).toArray();
    }
}
