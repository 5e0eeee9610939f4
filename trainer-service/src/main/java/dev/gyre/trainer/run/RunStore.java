package dev.gyre.trainer.run;

import dev.gyre.delivery.Cause;
import dev.gyre.delivery.Outbox;
import dev.gyre.events.Fact;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.events.TrainingEvent.TrainingCancelled;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import dev.gyre.events.TrainingEvent.TrainingFailed;
import dev.gyre.events.TrainingEvent.TrainingProgressed;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.events.TrainingEvent.TrainingStarted;
import dev.gyre.trainer.run.RunState.Cancelled;
import dev.gyre.trainer.run.RunState.Cancelling;
import dev.gyre.trainer.run.RunState.Completed;
import dev.gyre.trainer.run.RunState.Ended;
import dev.gyre.trainer.run.RunState.Failed;
import dev.gyre.trainer.run.RunState.Queued;
import dev.gyre.trainer.run.RunState.Running;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Keeps the runs; every change of state is one transaction with the fact that tells it.
@ApplicationScoped
public class RunStore {

    private final Jdbi jdbi;
    private final Outbox outbox;
    private final RunConfig config;

    RunStore(Jdbi jdbi, Outbox outbox, RunConfig config) {
        this.jdbi = jdbi;
        this.outbox = outbox;
        this.config = config;
    }

    /// A row of the table, flat.
    record Row(
            TrainingRequested requested,
            String requestedBy,
            String cause,
            String state,
            int attempt,
            int setbacks,
            @Nullable String reason,
            @Nullable String cancelledBy,
            @Nullable TrainingCompleted completed,
            int furthest,
            @Nullable Integer step,
            @Nullable Integer steps,
            @Nullable Double loss,
            @Nullable Double tokensPerSecond,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt) {

        Run run() {
            var progress = step == null || steps == null || loss == null || tokensPerSecond == null
                    ? null
                    : new Run.Step(step, steps, loss, tokensPerSecond);
            return new Run(
                    requested, requestedBy, cause, runState(), furthest, progress, createdAt, startedAt, endedAt);
        }

        private RunState runState() {
            return switch (state) {
                case "QUEUED" -> new Queued(attempt, setbacks, reason);
                case "RUNNING" -> new Running(attempt, setbacks);
                case "CANCELLING" -> new Cancelling(attempt, Objects.requireNonNull(cancelledBy));
                case "COMPLETED" -> new Completed(attempt, Objects.requireNonNull(completed));
                case "FAILED" -> new Failed(attempt, Objects.requireNonNull(reason));
                case "CANCELLED" -> new Cancelled(attempt, Objects.requireNonNull(cancelledBy));
                default -> throw new IllegalStateException("run %s has state %s".formatted(requested.run(), state));
            };
        }
    }

    /// Records a run that a person asked for; its id names the story that begins here.
    void request(TrainingRequested requested, String by) {
        Cause.outside(requested.run())
                .run(() -> QuarkusTransaction.requiringNew().run(() -> requestInStory(requested, by)));
    }

    /// Records a run in the story that is being told; needs a running transaction.
    public void requestInStory(TrainingRequested requested, String by) {
        var story = Cause.current();
        var event = outbox.tell(requested);
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into run (id, workspace, requested, requested_by, cause, state, attempt, setbacks)
                        values (:id, :workspace, :requested, :by, :cause, 'QUEUED', 0, 0)""")
                .bind("id", requested.run())
                .bind("workspace", requested.workspace())
                .bind("requested", requested)
                .bind("by", by)
                .bind("cause", new Cause(story.correlation(), event, story.depth() + 1).encoded())
                .execute());
    }

    /// The runs of one model, as far as a decision about the next one needs them.
    ///
    /// @param open one that has not ended
    /// @param lastBegan when the newest was asked for
    public record Past(@Nullable String open, @Nullable Instant lastBegan) {}

    public Past past(String workspace, String model) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select min(id) filter (where ended_at is null) as open, max(created_at) as last_began
                        from run where workspace = :workspace and requested ->> 'model' = :model""")
                .bind("workspace", workspace)
                .bind("model", model)
                .mapTo(Past.class)
                .one());
    }

    /// What a finished run has learned again.
    List<Replay> replayed(String workspace, String run) {
        return find(workspace, run)
                .map(Run::state)
                .map(state -> state instanceof Completed completed
                        ? completed.result().replay()
                        : List.<Replay>of())
                .orElse(List.of());
    }

    Optional<Run> find(String workspace, String run) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select * from run where workspace = :workspace and id = :run")
                        .bind("workspace", workspace)
                        .bind("run", run)
                        .mapTo(Row.class)
                        .findOne()
                        .map(Row::run));
    }

    /// The newest runs first.
    List<Run> newest(String workspace, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from run where workspace = :workspace order by created_at desc, id limit :limit")
                .bind("workspace", workspace)
                .bind("limit", limit)
                .mapTo(Row.class)
                .map(Row::run)
                .list());
    }

    /// Which of these runs have ended; ids that no run has are not among them.
    List<String> ended(List<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : jdbi.withHandle(
                        handle -> handle.createQuery("select id from run where ended_at is not null and id in (<ids>)")
                                .bindList("ids", ids)
                                .mapTo(String.class)
                                .list());
    }

    /// Takes the next run that waits, or one whose worker has been silent for longer than its lease.
    ///
    /// @return the run, in state [Running]; empty where there is nothing to do now
    Optional<Run> claim() {
        return QuarkusTransaction.requiringNew()
                .call(() -> next().map(run -> {
                            var state = switch (run.state()) {
                                case Queued queued -> queued.start();
                                case Running lost ->
                                    restart(lost.crash("the trainer's process died while it worked on the run"));
                                case Cancelling cancelling -> cancelling.stop();
                                case Ended ended ->
                                    throw new IllegalStateException("run %s is %s".formatted(run.id(), ended.word()));
                            };
                            return move(run, state, Duration.ZERO);
                        })
                        .filter(run -> run.state() instanceof Running));
    }

    private static RunState restart(RunState afterLoss) {
        return afterLoss instanceof Queued queued ? queued.start() : afterLoss;
    }

    /// A time much further ahead than any that is given now was given before the clock of the database was set back.
    private Optional<Run> next() {
        return jdbi.withHandle(
                handle -> handle.createQuery("""
                        select * from run
                        where (state = 'QUEUED'
                               and (next_attempt_at <= now() or next_attempt_at > now() + interval '5 minutes'))
                           or (state in ('RUNNING', 'CANCELLING')
                               and (lease_until < now() or lease_until > now() + :lease * interval '1 millisecond' + interval '1 minute'))
                        order by created_at, id limit 1 for update skip locked""").bind("lease", config.lease().toMillis()).mapTo(Row.class).findOne().map(Row::run));
    }

    /// Says that the worker of this attempt lives, and how far it is.
    ///
    /// @param tell whether the progress is also told as a fact
    /// @return whether the attempt should go on: it is still the worker's own, and nobody cancelled the run
    boolean beat(Run mine, Run.@Nullable Step progress, boolean tell) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var run = lock(mine.id());
            if (run.state().attempt() != mine.state().attempt() || run.state() instanceof Ended) {
                return false;
            }
            keepLease(run.id());
            if (run.state() instanceof Running running && progress != null) {
                note(run, running, progress);
                if (tell) {
                    tell(run, progressed(run, progress));
                }
            }
            return run.state() instanceof Running;
        });
    }

    /// Ends an attempt: moves the run on unless it is no longer this attempt's; a cancelled run becomes cancelled.
    ///
    /// @param delay before the next attempt, where there is one
    Run settle(Run mine, Function<Running, RunState> transition, Duration delay) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var run = lock(mine.id());
            if (run.state().attempt() != mine.state().attempt()) {
                return run;
            }
            return switch (run.state()) {
                case Running running -> move(run, transition.apply(running), delay);
                case Cancelling cancelling -> move(run, cancelling.stop(), delay);
                case Queued ignored -> run;
                case Ended ignored -> run;
            };
        });
    }

    /// Cancels a run, at once where it waits, else as soon as its worker hears of it; one that has ended stays as it
    /// is.
    Run cancel(Run seen, String by) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var run = lock(seen.id());
            return switch (run.state()) {
                case Queued queued -> move(run, queued.cancel(by), Duration.ZERO);
                case Running running -> move(run, running.cancel(by), Duration.ZERO);
                case Cancelling ignored -> run;
                case Ended ignored -> run;
            };
        });
    }

    private Run lock(String id) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from run where id = :id for update")
                .bind("id", id)
                .mapTo(Row.class)
                .one()
                .run());
    }

    private void keepLease(String id) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update run set lease_until = now() + :lease * interval '1 millisecond' where id = :id")
                .bind("lease", config.lease().toMillis())
                .bind("id", id)
                .execute());
    }

    private void note(Run run, Running running, Run.Step progress) {
        var advanced = progress.step() > run.furthest() ? running.advance() : running;
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update run set step = :step, steps = :steps, loss = :loss, tokens_per_second = :speed,
                            furthest = greatest(furthest, :step), setbacks = :setbacks where id = :id""")
                .bind("step", progress.step())
                .bind("steps", progress.steps())
                .bind("loss", progress.loss())
                .bind("speed", progress.tokensPerSecond())
                .bind("setbacks", advanced.setbacks())
                .bind("id", run.id())
                .execute());
    }

    private Run move(Run run, RunState next, Duration delay) {
        var columns = Columns.of(next);
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update run set state = :state, attempt = :attempt, setbacks = :setbacks, reason = :reason,
                            cancelled_by = :cancelledBy, completed = :completed,
                            next_attempt_at = now() + :delay * interval '1 millisecond',
                            lease_until = case when :state = 'RUNNING' then now() + :lease * interval '1 millisecond'
                                               when :state = 'CANCELLING' then lease_until end,
                            started_at = case when :state = 'RUNNING' then coalesce(started_at, now()) else started_at end,
                            ended_at = case when :ended then now() end
                        where id = :id""")
                .bind("state", next.word())
                .bind("attempt", next.attempt())
                .bind("setbacks", columns.setbacks())
                .bind("reason", columns.reason())
                .bind("cancelledBy", columns.cancelledBy())
                .bindByType("completed", columns.completed(), TrainingCompleted.class)
                .bind("delay", delay.toMillis())
                .bind("lease", config.lease().toMillis())
                .bind("ended", next instanceof Ended)
                .bind("id", run.id())
                .execute());
        fact(run, next).ifPresent(fact -> tell(run, fact));
        return run.in(next);
    }

    /// What a state writes beside its name and attempt.
    private record Columns(
            int setbacks,
            @Nullable String reason,
            @Nullable String cancelledBy,
            @Nullable TrainingCompleted completed) {

        static Columns of(RunState state) {
            return switch (state) {
                case Queued queued -> new Columns(queued.setbacks(), queued.trouble(), null, null);
                case Running running -> new Columns(running.setbacks(), null, null, null);
                case Cancelling cancelling -> new Columns(0, null, cancelling.by(), null);
                case Completed completed -> new Columns(0, null, null, completed.result());
                case Failed failed -> new Columns(0, failed.reason(), null, null);
                case Cancelled cancelled -> new Columns(0, null, cancelled.by(), null);
            };
        }
    }

    private Optional<Fact> fact(Run run, RunState next) {
        var workspace = run.requested().workspace();
        return switch (next) {
            case Queued ignored -> Optional.empty();
            case Running running ->
                Optional.of(new TrainingStarted(workspace, run.id(), config.device(), running.attempt()));
            case Cancelling ignored -> Optional.empty();
            case Completed completed -> Optional.of(completed.result());
            case Failed failed -> Optional.of(new TrainingFailed(workspace, run.id(), failed.reason()));
            case Cancelled cancelled -> Optional.of(new TrainingCancelled(workspace, run.id(), cancelled.by()));
        };
    }

    private static TrainingProgressed progressed(Run run, Run.Step progress) {
        return new TrainingProgressed(
                run.requested().workspace(),
                run.id(),
                progress.step(),
                progress.steps(),
                progress.loss(),
                progress.tokensPerSecond());
    }

    private void tell(Run run, Fact fact) {
        Cause.decode(run.cause()).run(() -> outbox.tell(fact));
    }
}
