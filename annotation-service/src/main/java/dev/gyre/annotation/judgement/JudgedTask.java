package dev.gyre.annotation.judgement;

import dev.gyre.delivery.Cause;
import dev.gyre.events.Annotator;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.JudgementEvent;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// A task that somebody holds a lease on, with all that a fact about its judgement says.
///
/// @param leaseState state of the lease
/// @param shownOrder candidate ids as this person saw them
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
        int wanted,
        String cause,
        @Nullable String given,
        @Nullable Instant withdrawnAt) {

    /// Projects do not change their question or guidelines after they were made.
    private static final int ONLY_VERSION = 1;

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
    int signedStrength(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Prefer(var choice, var strength) ->
                choice.equals(candidates.getFirst().id()) ? -strength : strength;
            case Verdict.Tie(), Verdict.BothBad(), Verdict.Labelled(_), Verdict.Demonstrated(_) -> 0;
        };
    }

    /// @param text where the demonstration is kept
    /// @param comment where the reason is kept
    JudgementEvent fact(
            String judgement,
            Annotator annotator,
            Verdict verdict,
            @Nullable ArtifactRef text,
            @Nullable ArtifactRef comment,
            long activeMillis) {
        return switch (verdict) {
            case Verdict.Prefer(var choice, var _) -> {
                var others =
                        candidateIds().stream().filter(id -> !id.equals(choice)).toList();
                yield preference(judgement, annotator, verdict, List.of(List.of(choice), others), comment, activeMillis);
            }
            case Verdict.Tie(), Verdict.BothBad() ->
                preference(judgement, annotator, verdict, List.of(candidateIds()), comment, activeMillis);
            case Verdict.Labelled(var label) ->
                new JudgementEvent.LabelRecorded(
                        workspace,
                        task,
                        judgement,
                        project,
                        sample,
                        annotator,
                        content,
                        label,
                        comment,
                        ONLY_VERSION,
                        ONLY_VERSION,
                        activeMillis,
                        subject,
                        null);
            case Verdict.Demonstrated(var _) ->
                new JudgementEvent.DemonstrationRecorded(
                        workspace,
                        task,
                        judgement,
                        project,
                        sample,
                        annotator,
                        content,
                        Objects.requireNonNull(text),
                        ONLY_VERSION,
                        ONLY_VERSION,
                        activeMillis,
                        subject,
                        null);
        };
    }

    private JudgementEvent preference(
            String judgement,
            Annotator annotator,
            Verdict verdict,
            List<List<String>> ranking,
            @Nullable ArtifactRef comment,
            long activeMillis) {
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
                signedStrength(verdict),
                verdict instanceof Verdict.BothBad,
                null,
                List.of(),
                comment,
                ONLY_VERSION,
                ONLY_VERSION,
                shownOrder,
                activeMillis,
                subject,
                null);
    }
}
