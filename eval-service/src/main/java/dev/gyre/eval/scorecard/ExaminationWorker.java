package dev.gyre.eval.scorecard;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.Patience;
import dev.gyre.delivery.WorkLoop;
import dev.gyre.eval.gate.GateConfig;
import dev.gyre.eval.gate.Verdict;
import dev.gyre.eval.measure.MeasuredSuite;
import dev.gyre.eval.model.KnownVersion;
import dev.gyre.eval.model.LoadedModelStore;
import dev.gyre.eval.model.VersionStore;
import dev.gyre.eval.suite.SuiteStore;
import dev.gyre.eval.work.Backoff;
import dev.gyre.eval.work.Heartbeat;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.EvaluationEvent;
import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Examines registered versions, one at a time.
@ApplicationScoped
class ExaminationWorker {

    private static final Duration SUITE_POLL = Duration.ofSeconds(1);

    private final ExaminationConfig config;
    private final ExaminationStore examinations;
    private final VersionStore versions;
    private final SuiteStore suites;
    private final ArtifactStore artifacts;
    private final Planner planner;
    private final Examiner examiner;
    private final WorkLoop loop;
    private final Patience patience;

    ExaminationWorker(
            ExaminationConfig config,
            GateConfig gate,
            ExaminationStore examinations,
            VersionStore versions,
            SuiteStore suites,
            LoadedModelStore models,
            ArtifactStore artifacts) {
        this.config = config;
        this.patience = new Patience(config.suitePatience());
        this.examinations = examinations;
        this.versions = versions;
        this.suites = suites;
        this.artifacts = artifacts;
        this.planner = new Planner(artifacts, versions, suites);
        this.examiner =
                new Examiner(models, new SuiteReader(artifacts, config.rows()), config.bootstrap(), gate.policy());
        this.loop = new WorkLoop(
                "examinations",
                config.pause(),
                this::step,
                failure -> Log.error("looking for examinations failed", failure));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    private boolean step() {
        var job = examinations.claim(config.lease(), config.settlePatience());
        job.ifPresent(this::work);
        return job.isPresent();
    }

    private void work(Examination job) {
        if (job.attempts() > config.attempts()) {
            fail(job, "the examination was taken up %d times and never came to an end".formatted(config.attempts()));
            return;
        }
        try {
            examine(job);
        } catch (CancellationException stopped) {
            examinations.giveBack(job, Duration.ZERO, "the worker was stopped", false);
        } catch (IllegalArgumentException broken) {
            fail(job, String.valueOf(broken.getMessage()));
        } catch (RuntimeException failure) {
            retry(job, failure);
        }
    }

    private void examine(Examination job) {
        var candidate = versions.find(job.workspace(), job.version())
                .orElseThrow(() -> new IllegalArgumentException("%s is not known here".formatted(job.version())));
        var dataset = candidate.registered().dataset();
        var own = dataset == null ? null : suites.find(job.workspace(), dataset).orElse(null);
        if (dataset != null && own == null) {
            await(job, dataset);
            return;
        }
        patience.end(job.id());
        var progress = new Count();
        try (var _ = new Heartbeat(
                config.lease(),
                () -> examinations.renew(job, config.lease(), progress.done.get(), progress.wanted.get()))) {
            var plan = planner.plan(candidate, own, dataset == null ? 1 : 1 + examinations.looks(job, dataset));
            finish(job, plan.champion(), examiner.examine(plan, progress));
        }
    }

    private void await(Examination job, String dataset) {
        if (patience.isOver(job.id())) {
            patience.end(job.id());
            fail(
                    job,
                    "data set %s, on which %s was trained, did not become known within %s; see whether annotation has told of it, then ask again with POST /api/evaluations"
                            .formatted(dataset, job.version(), config.suitePatience()));
        } else {
            examinations.giveBack(job, SUITE_POLL, "waits for data set " + dataset, false);
        }
    }

    private void finish(Examination job, @Nullable KnownVersion champion, Scorecard scorecard) {
        var verdict = verdict(scorecard.verdict());
        var report = report(
                job.workspace(),
                scorecard.lines().stream().map(Scorecard.Line::suite).toList());
        examinations.complete(
                job,
                new EvaluationCompleted(
                        job.workspace(),
                        job.id(),
                        job.version(),
                        champion == null ? null : champion.model(),
                        job.run(),
                        verdict,
                        scorecard.verdict().reasons(),
                        scorecard.scores(),
                        report));
        Log.infof(
                "examined model=%s verdict=%s reason=%s",
                job.version(), verdict, scorecard.verdict().reasons().getFirst());
    }

    private static EvaluationEvent.Verdict verdict(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Pass ignored -> EvaluationEvent.Verdict.PASS;
            case Verdict.Fail ignored -> EvaluationEvent.Verdict.FAIL;
            case Verdict.Inconclusive ignored -> EvaluationEvent.Verdict.INCONCLUSIVE;
        };
    }

    private @Nullable ArtifactRef report(String workspace, List<MeasuredSuite> measured) {
        if (measured.isEmpty()) {
            return null;
        }
        try {
            var file = Files.createTempFile("gyre-report", ".jsonl");
            try {
                ReportFile.write(file, measured);
                return artifacts.put(workspace, file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the report", failure);
        }
    }

    private void retry(Examination job, RuntimeException failure) {
        var reason = String.valueOf(failure.getMessage());
        if (job.attempts() >= config.attempts()) {
            Log.errorf(failure, "examination failed model=%s reason=%s", job.version(), reason);
            fail(job, "after %d attempts: %s".formatted(job.attempts(), reason));
        } else {
            Log.warnf(failure, "examination is tried again model=%s reason=%s", job.version(), reason);
            examinations.giveBack(job, Backoff.after(job.attempts()), reason, true);
        }
    }

    private void fail(Examination job, String reason) {
        examinations.fail(job, reason);
        Log.warnf("no verdict on model=%s reason=%s", job.version(), reason);
    }

    /// Counts rows, and ends the examination when the service stops.
    private final class Count implements ReadingProgress {

        private final AtomicInteger wanted = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();

        @Override
        public void wanted(int rows) {
            wanted.set(rows);
        }

        @Override
        public void advanced(int rows) {
            done.addAndGet(rows);
            if (loop.isStopped()) {
                throw new CancellationException("the service stops");
            }
        }
    }
}
