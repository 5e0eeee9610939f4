package dev.gyre.annotation.judgement;

import dev.gyre.delivery.Cause;
import dev.gyre.events.Annotator;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.JudgementEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// A task that somebody holds a lease on, with all that a fact about its judgement says.
///
/// @param leaseState state of the lease
/// @param shownOrder candidate ids as this person saw them
/// @param schemaVersion version of the questions that this person was asked
/// @param cause what the task came from
/// @param given the judgement that the lease gave before
/// @param content the sample, a document as JSON
record JudgedTask(
        String workspace,
        String project,
        String task,
        String sample,
        ArtifactRef content,
        @Nullable String subject,
        @Json List<Candidate> candidates,
        String lease,
        String leaseState,
        List<String> shownOrder,
        int schemaVersion,
        int guidelineVersion,
        int wanted,
        String cause,
        @Nullable String given,
        @Nullable Instant withdrawnAt) {

    JudgedTask {
        candidates = List.copyOf(candidates);
        shownOrder = List.copyOf(shownOrder);
    }

    /// A person speaks here, in the story that the task belongs to: a campaign's begins with its alarm.
    Cause story() {
        return new Cause(Cause.decode(cause).correlation(), null, 0);
    }

    /// The judgement that the lease gave before, if it still stands.
    Optional<Given> before() {
        return Optional.ofNullable(given).map(id -> new Given(id, withdrawnAt));
    }

    /// A judgement that a lease gave.
    record Given(String id, @Nullable Instant withdrawnAt) {}

    List<String> candidateIds() {
        return candidates.stream().map(Candidate::id).toList();
    }

    /// −3…3 for a pair: negative for the first candidate, 0 for neither, positive for the second.
    int signedStrength(Answer answer) {
        return answer instanceof Answer.Prefer(var choice, var strength)
                ? choice.equals(candidates.getFirst().id()) ? -strength : strength
                : 0;
    }

    /// What is told of a judgement: its first answer in a fact of its own where there is one for it, and all answers
    /// where that does not say everything.
    List<JudgementEvent> facts(String judgement, Annotator annotator, Answers answers, Extras extras) {
        var facts = new ArrayList<JudgementEvent>();
        var first = first(judgement, annotator, answers.main(), extras);
        if (first != null) {
            facts.add(first);
        }
        if (extras.all() != null) {
            facts.add(new JudgementEvent.AnswersRecorded(
                    workspace,
                    task,
                    judgement,
                    project,
                    sample,
                    annotator,
                    content,
                    extras.all(),
                    guidelineVersion,
                    schemaVersion,
                    shownOrder,
                    extras.activeMillis(),
                    subject));
        }
        return facts;
    }

    private @Nullable JudgementEvent first(String judgement, Annotator annotator, Answer answer, Extras extras) {
        return switch (answer) {
            case Answer.Prefer(var choice, var _) -> {
                var others =
                        candidateIds().stream().filter(id -> !id.equals(choice)).toList();
                yield preference(judgement, annotator, answer, List.of(List.of(choice), others), extras);
            }
            case Answer.Tie(), Answer.BothBad() ->
                preference(judgement, annotator, answer, List.of(candidateIds()), extras);
            case Answer.Ranked(var ranking) -> preference(judgement, annotator, answer, ranking, extras);
            case Answer.Labelled(var label) ->
                new JudgementEvent.LabelRecorded(
                        workspace,
                        task,
                        judgement,
                        project,
                        sample,
                        annotator,
                        content,
                        label,
                        extras.comment(),
                        guidelineVersion,
                        schemaVersion,
                        extras.activeMillis(),
                        subject,
                        null);
            case Answer.Demonstrated _ ->
                new JudgementEvent.DemonstrationRecorded(
                        workspace,
                        task,
                        judgement,
                        project,
                        sample,
                        annotator,
                        content,
                        Objects.requireNonNull(extras.text()),
                        guidelineVersion,
                        schemaVersion,
                        extras.activeMillis(),
                        subject,
                        null);
            case Answer.Rated _,
                    Answer.RatedEach _,
                    Answer.LabelledAll _,
                    Answer.Marked _,
                    Answer.Written _,
                    Answer.Edited _,
                    Answer.Turned _ -> null;
        };
    }

    private JudgementEvent preference(
            String judgement, Annotator annotator, Answer answer, List<List<String>> ranking, Extras extras) {
        return new JudgementEvent.PreferenceRecorded(
                workspace,
                task,
                judgement,
                project,
                sample,
                annotator,
                content,
                candidates,
                ranking,
                signedStrength(answer),
                answer instanceof Answer.BothBad,
                extras.edit(),
                List.of(),
                extras.comment(),
                guidelineVersion,
                schemaVersion,
                shownOrder,
                extras.activeMillis(),
                subject,
                null);
    }
}
