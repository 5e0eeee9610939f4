package dev.gyre.trainer.run;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.llm.training.TrainingOutcome.Cancelled;
import dev.gyre.llm.training.TrainingOutcome.Completed;
import dev.gyre.llm.training.TrainingOutcome.Refused;
import dev.gyre.trainer.dataset.DatasetStore;
import dev.gyre.trainer.model.ModelStore;
import dev.gyre.trainer.run.RunState.Ended;
import dev.gyre.trainer.run.RunState.Running;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/// Works on runs, one at a time, on a thread of its own.
@ApplicationScoped
class RunWorker {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RunStore runs;
    private final DatasetStore datasets;
    private final ModelStore models;
    private final ArtifactStore artifacts;
    private final RunConfig config;
    private final Semaphore work = new Semaphore(0);
    private volatile boolean leaving;
    private @Nullable Thread thread;

    RunWorker(RunStore runs, DatasetStore datasets, ModelStore models, ArtifactStore artifacts, RunConfig config) {
        this.runs = runs;
        this.datasets = datasets;
        this.models = models;
        this.artifacts = artifacts;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofPlatform().name("run-worker").daemon().start(this::loop);
    }

    /// Leaves after the step at hand; the run waits with its checkpoint for the next process.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        leaving = true;
        wake();
        if (thread != null) {
            thread.join(PATIENCE);
        }
    }

    void wake() {
        work.release();
    }

    private void loop() {
        var isSwept = false;
        while (!leaving) {
            try {
                if (!isSwept) {
                    sweep();
                    isSwept = true;
                }
                var run = runs.claim();
                if (run.isPresent()) {
                    work(run.get());
                } else {
                    rest(config.poll());
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception outage) {
                Log.warnf("no run can be worked on reason=%s", outage.toString());
                Thread.interrupted();
                restQuietly();
            }
        }
    }

    /// Deletes what runs that ended have left behind.
    private void sweep() {
        runs.ended(RunFolder.names(config.work()))
                .forEach(run -> RunFolder.of(config.work(), run).delete());
    }

    private void work(Run run) throws InterruptedException {
        Log.infof(
                "run started run=%s model=%s attempt=%d",
                run.id(), run.requested().model(), run.state().attempt());
        var folder = RunFolder.of(config.work(), run.id());
        Function<Running, RunState> transition;
        try (var pulse = new PulseWorker(runs, config, run, () -> leaving).start()) {
            transition = attempt(run, folder, pulse);
        }
        var settled = settle(run, transition);
        Log.infof(
                "run is %s run=%s attempt=%d",
                settled.state().word(), run.id(), settled.state().attempt());
        if (settled.state() instanceof Ended) {
            folder.delete();
        }
    }

    /// What this attempt makes of a running run.
    private Function<Running, RunState> attempt(Run run, RunFolder folder, PulseWorker pulse) {
        var request = run.requested();
        try {
            var base = models.find(request.workspace(), request.base()).orElseThrow();
            var dataset = datasets.find(request.workspace(), request.dataset()).orElseThrow();
            var attempt = new RunAttempt(artifacts, request, folder, config.minimumRows());
            var past = request.replay().stream()
                    .map(again -> datasets.find(request.workspace(), again.dataset())
                            .orElseThrow()
                            .frozen())
                    .toList();
            var outcome = attempt.train(base, dataset.frozen(), past, config.device(), pulse);
            return switch (outcome) {
                case Completed completed -> {
                    var result = attempt.keep(completed, config.codeVersion(), config.device());
                    yield running -> running.complete(result);
                }
                case Cancelled ignored -> Running::handBack;
                case Refused refused -> running -> running.fail(String.join("; ", refused.reasons()));
            };
        } catch (IllegalArgumentException | IllegalStateException wrong) {
            var reason = folder.withoutPlace(String.valueOf(wrong.getMessage()));
            return running -> running.fail(reason);
        } catch (UncheckedIOException | JdbiException outage) {
            var reason = folder.withoutPlace(words(outage));
            Log.warnf("attempt ended run=%s reason=%s", run.id(), reason);
            return running -> running.miss(reason);
        } catch (RuntimeException | LinkageError | OutOfMemoryError broken) {
            Log.errorf(broken, "attempt broke down run=%s", run.id());
            var reason = folder.withoutPlace(broken.toString());
            return running -> running.crash(reason);
        }
    }

    /// What could not be done and, where that is not said yet, why, such as that there is no room on the disk.
    private static String words(RuntimeException outage) {
        var said = String.valueOf(outage.getMessage());
        var cause = outage.getCause() == null ? "" : String.valueOf(outage.getCause().getMessage());
        return said.contains(cause) ? said : said + ": " + cause;
    }

    /// Writes the result down, however long the database is away; only leaving gives up, and then the lease runs out.
    private Run settle(Run run, Function<Running, RunState> transition) throws InterruptedException {
        while (true) {
            try {
                return runs.settle(run, transition, delay(run));
            } catch (RuntimeException outage) {
                if (leaving) {
                    throw outage;
                }
                Log.warnf("result waits for the database run=%s reason=%s", run.id(), outage.toString());
                rest(Duration.ofSeconds(1));
            }
        }
    }

    /// Doubles with every setback in a row: 1 s, 2 s, 4 s, up to a minute; none for a run that is handed back.
    private Duration delay(Run run) {
        if (leaving || !(run.state() instanceof Running running)) {
            return Duration.ZERO;
        }
        return Duration.ofSeconds(Math.min(60, 1L << Math.min(running.setbacks(), 6)));
    }

    private void rest(Duration time) throws InterruptedException {
        if (work.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
            work.drainPermits();
        }
    }

    private void restQuietly() {
        try {
            rest(Duration.ofSeconds(1));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
