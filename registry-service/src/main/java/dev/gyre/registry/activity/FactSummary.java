package dev.gyre.registry.activity;

import dev.gyre.events.Annotator;
import dev.gyre.events.AnswerEvent;
import dev.gyre.events.AnswerEvent.AnswersFailed;
import dev.gyre.events.AnswerEvent.AnswersGenerated;
import dev.gyre.events.AnswerEvent.AnswersRequested;
import dev.gyre.events.CampaignEvent;
import dev.gyre.events.CampaignEvent.CampaignClosed;
import dev.gyre.events.CampaignEvent.CampaignOpened;
import dev.gyre.events.DatasetEvent;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import dev.gyre.events.DriftEvent;
import dev.gyre.events.DriftEvent.DriftCleared;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.DriftEvent.WindowMeasured;
import dev.gyre.events.ErasureEvent;
import dev.gyre.events.ErasureEvent.ErasureApplied;
import dev.gyre.events.ErasureEvent.ErasureCompleted;
import dev.gyre.events.ErasureEvent.ErasureRequested;
import dev.gyre.events.EvaluationEvent;
import dev.gyre.events.EvaluationEvent.ChampionFellShort;
import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import dev.gyre.events.EvaluationEvent.EvaluationFailed;
import dev.gyre.events.Fact;
import dev.gyre.events.InteractionEvent;
import dev.gyre.events.InteractionEvent.FeedbackGiven;
import dev.gyre.events.InteractionEvent.InteractionRecorded;
import dev.gyre.events.JudgementEvent;
import dev.gyre.events.JudgementEvent.AdjudicationWithdrawn;
import dev.gyre.events.JudgementEvent.AnswersRecorded;
import dev.gyre.events.JudgementEvent.ConsensusReached;
import dev.gyre.events.JudgementEvent.DemonstrationRecorded;
import dev.gyre.events.JudgementEvent.JudgementWithdrawn;
import dev.gyre.events.JudgementEvent.LabelRecorded;
import dev.gyre.events.JudgementEvent.PreferenceRecorded;
import dev.gyre.events.JudgementEvent.TaskAdjudicated;
import dev.gyre.events.ModelEvent;
import dev.gyre.events.ModelEvent.AliasMoved;
import dev.gyre.events.ModelEvent.CandidateRejected;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelEvent.ChampionRolledBack;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelEvent.VersionTainted;
import dev.gyre.events.SampleEvent;
import dev.gyre.events.SampleEvent.SampleAccepted;
import dev.gyre.events.SampleEvent.SampleRefused;
import dev.gyre.events.TrainingEvent;
import dev.gyre.events.TrainingEvent.TrainingCancelled;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import dev.gyre.events.TrainingEvent.TrainingFailed;
import dev.gyre.events.TrainingEvent.TrainingProgressed;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.events.TrainingEvent.TrainingStarted;
import java.util.Locale;
import java.util.stream.Collectors;

/// A fact in one line for operators: figures and ids, never texts, names or subjects of people.
final class FactSummary {

    private FactSummary() {}

    static String of(Fact fact) {
        return switch (fact) {
            case SampleEvent event -> sample(event);
            case InteractionEvent event -> interaction(event);
            case AnswerEvent event -> answer(event);
            case JudgementEvent event -> judgement(event);
            case CampaignEvent event -> campaign(event);
            case DatasetEvent event -> dataset(event);
            case TrainingEvent event -> training(event);
            case EvaluationEvent event -> evaluation(event);
            case ModelEvent event -> model(event);
            case DriftEvent event -> drift(event);
            case ErasureEvent event -> erasure(event);
        };
    }

    private static String sample(SampleEvent event) {
        return switch (event) {
            case SampleAccepted accepted ->
                "sample accepted, slice %s, %d bytes"
                        .formatted(accepted.slice(), accepted.content().bytes());
            case SampleRefused refused -> "row %d refused: %s".formatted(refused.row(), refused.reason());
        };
    }

    private static String interaction(InteractionEvent event) {
        return switch (event) {
            case InteractionRecorded recorded -> "%s answered somebody".formatted(recorded.model());
            case FeedbackGiven given ->
                "feedback %+d%s".formatted(given.rating(), given.correction() == null ? "" : " with a correction");
        };
    }

    private static String answer(AnswerEvent event) {
        return switch (event) {
            case AnswersRequested asked -> "%d answers wanted of %s".formatted(asked.count(), asked.model());
            case AnswersGenerated given ->
                "%s wrote %d answers".formatted(given.model(), given.answers().size());
            case AnswersFailed failed -> "no answers: " + failed.reason();
        };
    }

    private static String judgement(JudgementEvent event) {
        return switch (event) {
            case PreferenceRecorded preference ->
                "%s prefers, strength %d of 3%s"
                        .formatted(
                                judge(preference.annotator()),
                                Math.abs(preference.strength()),
                                preference.bothBad() ? ", none is good" : "");
            case LabelRecorded label -> "%s labels".formatted(judge(label.annotator()));
            case DemonstrationRecorded shown ->
                "%s demonstrates, %d bytes"
                        .formatted(
                                judge(shown.annotator()), shown.demonstration().bytes());
            case AnswersRecorded answers -> "%s answers".formatted(judge(answers.annotator()));
            case JudgementWithdrawn ignored -> "a judgement was withdrawn";
            case ConsensusReached consensus ->
                "consensus of %d with support %.0f %%"
                        .formatted(consensus.judgements().size(), 100 * consensus.support());
            case TaskAdjudicated adjudicated ->
                "%s decides over %d judgements"
                        .formatted(
                                judge(adjudicated.reviewer()),
                                adjudicated.judgements().size());
            case AdjudicationWithdrawn ignored -> "a decision of a reviewer was taken back";
        };
    }

    private static String judge(Annotator annotator) {
        return switch (annotator.kind()) {
            case HUMAN -> "a person";
            case LLM -> "a model";
            case CODE -> "a program";
            case SIMULATED -> "a simulated annotator";
        };
    }

    private static String dataset(DatasetEvent event) {
        return switch (event) {
            case DatasetFrozen frozen ->
                "%s of %d judgements frozen for %s: %d rows to train, %d held out%s"
                        .formatted(
                                frozen.name(),
                                frozen.judgementCount(),
                                frozen.purpose().name().toLowerCase(Locale.ROOT),
                                frozen.train().count(),
                                frozen.heldOut().count(),
                                frozen.doubts().stream()
                                        .map(doubt -> "; in doubt: " + doubt.reason())
                                        .collect(Collectors.joining()));
            case DatasetTainted tainted ->
                "%d judgements of the data set are gone"
                        .formatted(tainted.judgements().size());
        };
    }

    private static String training(TrainingEvent event) {
        return switch (event) {
            case TrainingRequested asked ->
                "%s is to learn from %s by %s, from %s"
                        .formatted(
                                asked.model(), asked.dataset(), asked.recipe().method(), asked.base());
            case TrainingStarted started -> "training on %s, attempt %d".formatted(started.device(), started.attempt());
            case TrainingProgressed progress ->
                String.format(
                        Locale.ROOT,
                        "step %d of %d, loss %.4f, %.0f tokens/s",
                        progress.step(),
                        progress.steps(),
                        progress.loss(),
                        progress.tokensPerSecond());
            case TrainingCompleted done ->
                String.format(
                        Locale.ROOT, "%s learned from %d rows in %.1f s", done.model(), done.rows(), done.seconds());
            case TrainingFailed failed -> "training failed: " + failed.reason();
            case TrainingCancelled ignored -> "training was cancelled";
        };
    }

    private static String evaluation(EvaluationEvent event) {
        return switch (event) {
            case EvaluationCompleted done ->
                "%s against %s: %s%s"
                        .formatted(
                                done.model(),
                                done.champion() == null ? "nobody" : done.champion(),
                                done.verdict(),
                                done.reasons().isEmpty()
                                        ? ""
                                        : ", " + done.reasons().getFirst());
            case EvaluationFailed failed -> "%s could not be examined: %s".formatted(failed.model(), failed.reason());
            case ChampionFellShort fell ->
                "%s is worse than %s: %s".formatted(fell.model(), fell.predecessor(), fell.reason());
        };
    }

    private static String model(ModelEvent event) {
        return switch (event) {
            case VersionRegistered registered ->
                "%s is candidate, %d files, digest %s"
                        .formatted(
                                registered.model(),
                                registered.files().size(),
                                registered
                                        .digest()
                                        .substring(
                                                0,
                                                Math.min(12, registered.digest().length())));
            case ChampionPromoted promoted ->
                "%s is champion%s"
                        .formatted(
                                promoted.model(), promoted.previous() == null ? "" : " after v" + promoted.previous());
            case CandidateRejected rejected ->
                "%s is rejected: %s".formatted(rejected.model(), String.join("; ", rejected.reasons()));
            case ChampionRolledBack back -> "%s is champion again instead of v%d".formatted(back.model(), back.from());
            case AliasMoved moved -> "alias %s points to %s".formatted(moved.alias(), moved.model());
            case VersionTainted tainted -> "%s is tainted by %s".formatted(tainted.model(), tainted.dataset());
        };
    }

    private static String campaign(CampaignEvent event) {
        return switch (event) {
            case CampaignOpened opened ->
                "people are asked %d things for %s, until %s: %s"
                        .formatted(opened.tasks(), opened.model(), opened.deadline(), opened.reason());
            case CampaignClosed closed ->
                "%s with %d judgements: %s"
                        .formatted(
                                closed.outcome().name().toLowerCase(Locale.ROOT),
                                closed.judgements(),
                                closed.reason());
        };
    }

    private static String drift(DriftEvent event) {
        return switch (event) {
            case WindowMeasured window ->
                "window %d of %s: %s"
                        .formatted(
                                window.window(),
                                window.stream(),
                                window.verdict().name().toLowerCase(Locale.ROOT));
            case DriftDetected detected -> detected.explanation();
            case DriftCleared cleared -> "%s is at home again".formatted(cleared.model());
        };
    }

    private static String erasure(ErasureEvent event) {
        return switch (event) {
            case ErasureRequested ignored -> "somebody wants to be forgotten";
            case ErasureApplied applied -> "%s forgot %d things".formatted(applied.service(), applied.touched());
            case ErasureCompleted ignored -> "somebody is forgotten";
        };
    }
}
