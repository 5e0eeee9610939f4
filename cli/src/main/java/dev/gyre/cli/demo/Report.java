package dev.gyre.cli.demo;

import dev.gyre.cli.client.Books;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a demo came to, as `--report` writes it.
///
/// @param controls what was spoilt on purpose, and whether that was found out
/// @param drift alarms that led to a campaign
/// @param recovery what the second turn brought; missing where the scenario has none
/// @param steady what the watch said of a world that does not change; missing where the scenario has none
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
        List<Control> controls,
        List<Drift> drift,
        @Nullable Recovery recovery,
        @Nullable Steady steady,
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
            Map<String, Long> skipped,
            List<String> doubts) {}

    /// @param learnedFrom in words, such as `shuffled judgements`
    /// @param flipped the account whose judgements were turned round, where it was one
    /// @param annotator its pseudonym
    /// @param named whether annotation has put this annotator in doubt and nobody else; nothing where all were shuffled
    /// @param doubts what annotation said of the data set, whole sentences
    /// @param version that learned from it
    record Control(
            String turn,
            String learnedFrom,
            @Nullable String flipped,
            @Nullable String annotator,
            @Nullable Boolean named,
            List<String> doubts,
            String version,
            String verdict,
            boolean promoted) {}

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

    /// @param delaySamples interactions from the change of the world to the alarm
    record Drift(String stream, String detector, String statistic, long delaySamples, String explanation) {}

    /// @param windows of the input that were tested
    /// @param alarms what each said
    record Steady(int interactions, int windows, List<String> alarms, int campaigns, int trainings) {}

    /// What was lost when the world changed, and what came back; all on held-out rows.
    ///
    /// @param metric of the figures, such as `nats-per-character` (lower is better)
    /// @param beforeDrift the old champion on what was asked before
    /// @param atDrift the old champion on what is asked now
    /// @param afterRetraining the new champion on what is asked now
    /// @param oldSliceBefore the old champion on the past suite
    /// @param oldSliceAfter the new champion on the past suite
    /// @param fullRetrain the base trained on everything at once
    /// @param withoutReplay the old champion trained on the campaign alone
    /// @param rated share of answers that satisfied whoever asked
    /// @param secondsToChampion from the last label to the new champion
    record Recovery(
            String metric,
            double beforeDrift,
            double atDrift,
            double afterRetraining,
            double oldSliceBefore,
            double oldSliceAfter,
            @Nullable Pair fullRetrain,
            @Nullable Pair withoutReplay,
            Rated rated,
            double secondsToChampion) {

        private boolean lowerIsBetter() {
            return metric.startsWith("nats");
        }

        /// Share of what was lost that came back; 1 is all of it.
        double recovered() {
            return (atDrift - afterRetraining) / (atDrift - beforeDrift);
        }

        /// How much worse the past became, as a share; negative where it became better.
        double forgotten() {
            var change = (oldSliceAfter - oldSliceBefore) / Math.abs(oldSliceBefore);
            return lowerIsBetter() ? change : -change;
        }

        String sentence() {
            return String.format(
                    Locale.ROOT,
                    "%s on what is asked now %.3f → %.3f (%.0f %% of the loss came back), on the past %.3f → %.3f (%+.1f %%)%s%s",
                    metric,
                    atDrift,
                    afterRetraining,
                    100 * recovered(),
                    oldSliceBefore,
                    oldSliceAfter,
                    100 * (oldSliceAfter / oldSliceBefore - 1),
                    beside("a full retrain", fullRetrain),
                    beside("without replay", withoutReplay));
        }

        private static String beside(String what, @Nullable Pair pair) {
            return pair == null
                    ? ""
                    : String.format(Locale.ROOT, "; %s: %.3f now, %.3f past", what, pair.now(), pair.past());
        }
    }

    /// The same metric on what is asked now and on what was asked before.
    record Pair(double now, double past) {}

    record Rated(
            @Nullable Double beforeDrift,
            @Nullable Double atDrift,
            @Nullable Double afterRetraining) {}

    /// @param sha256 of its weights
    /// @param pulled whether its bytes were pulled through the Hub protocol and had that digest
    record Model(String name, int version, String sha256, boolean champion, boolean pulled) {}

    record Answer(String prompt, String before, String after) {}
}
