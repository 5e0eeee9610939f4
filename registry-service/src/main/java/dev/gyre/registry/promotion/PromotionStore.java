package dev.gyre.registry.promotion;

import dev.gyre.delivery.Outbox;
import dev.gyre.events.EvaluationEvent.ChampionFellShort;
import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import dev.gyre.events.EvaluationEvent.EvaluationFailed;
import dev.gyre.events.EvaluationEvent.Verdict;
import dev.gyre.events.ModelEvent.AliasMoved;
import dev.gyre.events.ModelEvent.CandidateRejected;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelEvent.ChampionRolledBack;
import dev.gyre.events.ModelVersion;
import dev.gyre.registry.promotion.Decision.Keep;
import dev.gyre.registry.promotion.Decision.Promote;
import dev.gyre.registry.promotion.Decision.Reject;
import dev.gyre.registry.promotion.Decision.RollBack;
import dev.gyre.registry.version.Version;
import dev.gyre.registry.version.VersionState;
import dev.gyre.registry.version.VersionState.Champion;
import dev.gyre.registry.version.VersionState.Retired;
import dev.gyre.registry.version.VersionStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Moves champions and aliases, each move with its fact in one transaction.
///
/// Whoever moves something locks the model first, so what was read is still true when it is written.
@ApplicationScoped
public class PromotionStore {

    /// Who moved a champion where no person did.
    private static final String ITSELF = "gyre";

    private final Jdbi jdbi;
    private final Outbox outbox;
    private final VersionStore versions;

    PromotionStore(Jdbi jdbi, Outbox outbox, VersionStore versions) {
        this.jdbi = jdbi;
        this.outbox = outbox;
        this.versions = versions;
    }

    /// A name that points to a version.
    public record Alias(String alias, int number, String movedBy, Instant movedAt) {}

    /// Applies a verdict.
    @Transactional
    void apply(EvaluationCompleted verdict) {
        var version = lock(verdict.workspace(), verdict.model());
        if (isKnown(verdict.evaluation())) {
            return;
        }
        var champion = versions.champion(version.workspace(), version.name());
        var policy = new PromotionPolicy(champion.map(Version::number).orElse(null));
        var decision = policy.judge(
                version.life(), verdict.evaluation(), verdict.verdict(), verdict.reasons(), comparedWith(verdict));
        record(version, verdict.evaluation(), verdict, null, null, decision);
        carryOut(version, champion, verdict.evaluation(), decision);
    }

    /// A version that could not be examined is not promoted.
    @Transactional
    void apply(EvaluationFailed failure) {
        var version = lock(failure.workspace(), failure.model());
        if (isKnown(failure.evaluation())) {
            return;
        }
        var champion = versions.champion(version.workspace(), version.name());
        var policy = new PromotionPolicy(champion.map(Version::number).orElse(null));
        var reasons = List.of("the examination failed: " + failure.reason());
        var decision = policy.judge(version.life(), failure.evaluation(), Verdict.FAIL, reasons, null);
        record(version, failure.evaluation(), null, failure.reason(), null, decision);
        carryOut(version, champion, failure.evaluation(), decision);
    }

    /// A champion that people rate worse than the version before it makes way for that one, once.
    @Transactional
    void apply(ChampionFellShort fell) {
        var version = lock(fell.workspace(), fell.model());
        if (isKnown(fell.probation())) {
            return;
        }
        var predecessor = find(fell.workspace(), fell.predecessor());
        var decision = PromotionPolicy.recall(fell, version.life(), predecessor.life(), wasRolledBack(version));
        record(version, fell.probation(), null, null, fell, decision);
        carryOut(version, Optional.of(version), fell.probation(), decision);
    }

    /// Number of the version of the same name that was compared with.
    private static @Nullable Integer comparedWith(EvaluationCompleted verdict) {
        var champion = verdict.champion();
        if (champion == null) {
            return null;
        }
        if (!champion.name().equals(verdict.model().name())) {
            throw new IllegalArgumentException("evaluation %s compares %s with %s, must be a version of the same name"
                    .formatted(verdict.evaluation(), verdict.model(), champion));
        }
        return champion.number();
    }

    private void carryOut(Version version, Optional<Version> champion, String evaluation, Decision decision) {
        switch (decision) {
            case Promote promote -> {
                champion.ifPresent(this::retire);
                move(version, promote.next());
                outbox.tell(new ChampionPromoted(
                        version.workspace(),
                        version.model(),
                        champion.map(Version::number).orElse(null),
                        evaluation));
            }
            case Reject reject -> {
                move(version, reject.next());
                outbox.tell(new CandidateRejected(
                        version.workspace(),
                        version.model(),
                        evaluation,
                        reject.next().reasons()));
            }
            case RollBack back ->
                goBack(version, find(version.workspace(), back.to()), back.restored(), ITSELF, back.reason());
            case Keep ignored -> {}
        }
    }

    /// Makes a former champion champion again.
    ///
    /// @throws Refused if it never was one
    @Transactional
    public Version rollBack(String workspace, String name, int to, String by, String reason) {
        var target = lock(workspace, new ModelVersion(name, to));
        if (!(target.life() instanceof Retired retired)) {
            throw new Refused("%s is %s; one can go back only to a version that was champion before: %s"
                    .formatted(target.model(), target.state().toLowerCase(Locale.ROOT), former(workspace, name)));
        }
        var champion = versions.champion(workspace, name)
                .orElseThrow(() -> new IllegalStateException("%s has former champions but none now".formatted(name)));
        goBack(champion, target, retired.restore(), by, reason);
        return versions.find(workspace, name, to).orElseThrow();
    }

    private void goBack(Version champion, Version target, Champion restored, String by, String reason) {
        retire(champion);
        move(target, restored);
        outbox.tell(new ChampionRolledBack(target.workspace(), target.model(), champion.number(), by, reason));
    }

    /// Points an alias to a version.
    ///
    /// @throws IllegalArgumentException if the alias is not free to move
    @Transactional
    public Alias point(String workspace, String name, String alias, int number, String by) {
        AliasRule.require(alias);
        var version = lock(workspace, new ModelVersion(name, number));
        var previous = alias(workspace, name, alias).map(Alias::number).orElse(null);
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into alias (workspace, name, alias, number, moved_by) values (:workspace, :name, :alias, :number, :by)
                        on conflict (workspace, name, alias) do update set number = :number, moved_by = :by, moved_at = now()
                        """)
                .bind("workspace", workspace)
                .bind("name", name)
                .bind("alias", alias)
                .bind("number", number)
                .bind("by", by)
                .execute());
        if (previous == null || previous != number) {
            outbox.tell(new AliasMoved(workspace, version.model(), alias, previous, by));
        }
        return alias(workspace, name, alias).orElseThrow();
    }

    public Optional<Alias> alias(String workspace, String name, String alias) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select alias, number, moved_by, moved_at from alias
                        where workspace = :workspace and name = :name and alias = :alias
                        """)
                .bind("workspace", workspace)
                .bind("name", name)
                .bind("alias", alias)
                .mapTo(Alias.class)
                .findOne());
    }

    public List<Alias> aliases(String workspace, String name) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select alias, number, moved_by, moved_at from alias
                        where workspace = :workspace and name = :name order by alias
                        """)
                .bind("workspace", workspace)
                .bind("name", name)
                .mapTo(Alias.class)
                .list());
    }

    /// The examinations of a model, newest first.
    public List<Examination> examinations(String workspace, String name) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from evaluation where workspace = :workspace and name = :name order by at desc")
                .bind("workspace", workspace)
                .bind("name", name)
                .mapTo(Examination.class)
                .list());
    }

    /// What a person asked for cannot be done as things stand.
    public static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    private boolean isKnown(String evaluation) {
        return jdbi.withHandle(handle -> handle.createQuery("select exists (select 1 from evaluation where id = :id)")
                .bind("id", evaluation)
                .mapTo(boolean.class)
                .one());
    }

    private boolean wasRolledBack(Version version) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select exists (select 1 from evaluation
                        where workspace = :workspace and name = :name and number = :number and outcome = 'ROLLED_BACK')
                        """)
                .bind("workspace", version.workspace())
                .bind("name", version.name())
                .bind("number", version.number())
                .mapTo(boolean.class)
                .one());
    }

    private Version lock(String workspace, ModelVersion model) {
        jdbi.useHandle(handle -> handle.createQuery(
                        "select 1 from model where workspace = :workspace and name = :name for update")
                .bind("workspace", workspace)
                .bind("name", model.name())
                .mapTo(int.class)
                .findOne());
        return find(workspace, model);
    }

    private Version find(String workspace, ModelVersion model) {
        return versions.find(workspace, model.name(), model.number())
                .orElseThrow(() -> new IllegalArgumentException("no version %s in this workspace".formatted(model)));
    }

    private String former(String workspace, String name) {
        var former = versions.versions(workspace, name).stream()
                .filter(version -> version.life() instanceof Retired)
                .map(version -> "v" + version.number())
                .collect(Collectors.joining(", "));
        return former.isEmpty() ? "there is none yet" : former;
    }

    private void retire(Version champion) {
        if (!(champion.life() instanceof Champion life)) {
            throw new IllegalStateException("%s is not champion".formatted(champion.model()));
        }
        move(champion, life.retire());
    }

    private void move(Version version, VersionState next) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update model_version set state = :state, since = now(), evaluation = :evaluation, reasons = :reasons
                        where workspace = :workspace and name = :name and number = :number
                        """)
                .bind("state", next.word())
                .bind("evaluation", next.verdict())
                .bindArray("reasons", String.class, next.objections())
                .bind("workspace", version.workspace())
                .bind("name", version.name())
                .bind("number", version.number())
                .execute());
    }

    private void record(
            Version version,
            String evaluation,
            @Nullable EvaluationCompleted completed,
            @Nullable String failure,
            @Nullable ChampionFellShort fellShort,
            Decision decision) {
        var outcome = switch (decision) {
            case Promote ignored -> "PROMOTED";
            case Reject ignored -> "REJECTED";
            case RollBack ignored -> "ROLLED_BACK";
            case Keep ignored -> "KEPT";
        };
        var reasons = switch (decision) {
            case Promote ignored -> List.<String>of();
            case Reject reject -> reject.next().reasons();
            case RollBack back -> List.of(back.reason());
            case Keep keep -> List.of(keep.why());
        };
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into evaluation (id, workspace, name, number, completed, failure, fell_short, outcome, reasons)
                        values (:id, :workspace, :name, :number, :completed, :failure, :fellShort, :outcome, :reasons)
                        """)
                .bind("id", evaluation)
                .bind("workspace", version.workspace())
                .bind("name", version.name())
                .bind("number", version.number())
                .bind("completed", completed)
                .bind("failure", failure)
                .bindByType("fellShort", fellShort, ChampionFellShort.class)
                .bind("outcome", outcome)
                .bindArray("reasons", String.class, reasons)
                .execute());
    }
}
