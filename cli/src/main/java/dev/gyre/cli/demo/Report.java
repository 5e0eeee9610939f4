package dev.gyre.cli.demo;

import dev.gyre.cli.client.Books;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a demo came to, as `--report` writes it.
///
/// @param facts told, by topic
/// @param lost things submitted that some stage does not hold
/// @param duplicated things that some stage holds more often than they were submitted
/// @param books what `lost` and `duplicated` are the sums of
/// @param passed whether all that the scenario expects came true
/// @param unmet what did not
record Report(
        String scenario,
        double wallSeconds,
        List<Stage> stages,
        Samples samples,
        Judgements judgements,
        List<Dataset> datasets,
        List<Training> trainings,
        List<Evaluation> evaluations,
        List<Model> models,
        Map<String, Long> facts,
        long lost,
        long duplicated,
        List<Books.Page> books,
        List<Answer> answers,
        boolean passed,
        List<String> unmet) {

    record Stage(String name, double seconds, String what) {}

    /// @param reasons rows refused, by reason
    record Samples(long offered, long accepted, long refused, Map<String, Long> reasons) {}

    /// @param recorded in all projects, those of controls too
    /// @param annotators accounts that judged
    /// @param krippendorffAlpha of the project with the most judgements per task; nothing where nothing overlaps
    /// @param byProject the same for each project
    record Judgements(
            long recorded, int annotators, @Nullable Double krippendorffAlpha, List<Agreement> byProject) {}

    record Agreement(
            String project, long recorded, @Nullable Double krippendorffAlpha) {}

    record Dataset(
            String id,
            String name,
            String purpose,
            int train,
            int heldOut,
            String merkleRoot,
            long judgements,
            Map<String, Long> skipped) {}

    /// @param version that it became
    /// @param state of that version in the end
    record Training(
            String run,
            String turn,
            boolean control,
            String method,
            int rows,
            double seconds,
            double tokensPerSecond,
            Map<String, Double> metrics,
            String version,
            String state,
            List<String> reasons) {}

    /// @param suite name of the data set whose held-out part was used
    /// @param ci95 of the paired difference, low and high; nothing where there was no champion
    /// @param lengthOnlyGuess what a guess scores that knows only the lengths
    record Evaluation(
            String model,
            String suite,
            String slice,
            String metric,
            @Nullable Double champion,
            double candidate,
            @Nullable Double difference,
            @Nullable List<Double> ci95,
            int rows,
            @Nullable Double lengthOnlyGuess,
            String verdict) {}

    /// @param sha256 of its weights
    /// @param pulled whether its bytes were pulled through the Hub protocol and had that digest
    record Model(String name, int version, String sha256, boolean champion, boolean pulled) {}

    record Answer(String prompt, String before, String after) {}
}
