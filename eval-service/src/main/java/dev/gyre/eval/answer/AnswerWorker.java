package dev.gyre.eval.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.Patience;
import dev.gyre.delivery.WorkLoop;
import dev.gyre.eval.model.KnownVersion;
import dev.gyre.eval.model.LoadedModelStore;
import dev.gyre.eval.model.UnusableModel;
import dev.gyre.eval.model.VersionStore;
import dev.gyre.eval.work.Backoff;
import dev.gyre.eval.work.Heartbeat;
import dev.gyre.events.AnswerEvent.AnswersFailed;
import dev.gyre.events.AnswerEvent.AnswersGenerated;
import dev.gyre.events.AnswerEvent.AnswersRequested;
import dev.gyre.events.SampleDocument;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/// Writes the answers that tasks want, one task at a time.
@ApplicationScoped
class AnswerWorker {

    private static final Duration MODEL_POLL = Duration.ofSeconds(1);

    private final AnswerConfig config;
    private final AnswerStore answers;
    private final VersionStore versions;
    private final LoadedModelStore models;
    private final ArtifactStore artifacts;
    private final ObjectMapper json;
    private final WorkLoop loop;
    private final Patience patience;

    AnswerWorker(
            AnswerConfig config,
            AnswerStore answers,
            VersionStore versions,
            LoadedModelStore models,
            ArtifactStore artifacts,
            ObjectMapper json) {
        this.config = config;
        this.patience = new Patience(config.modelPatience());
        this.answers = answers;
        this.versions = versions;
        this.models = models;
        this.artifacts = artifacts;
        this.json = json;
        this.loop = new WorkLoop(
                "answers",
                config.pause(),
                this::step,
                failure -> Log.error("looking for requests for answers failed", failure));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    private boolean step() {
        var job = answers.claim(config.lease());
        job.ifPresent(this::work);
        return job.isPresent();
    }

    private void work(AnswerRequest job) {
        if (job.attempts() > config.attempts()) {
            fail(job, "the request was taken up %d times and never came to an end".formatted(config.attempts()));
            return;
        }
        try (var _ = new Heartbeat(config.lease(), () -> answers.renew(job, config.lease()))) {
            answer(job);
        } catch (IllegalArgumentException | UnusableModel wrong) {
            fail(job, String.valueOf(wrong.getMessage()));
        } catch (RuntimeException failure) {
            retry(job, failure);
        }
    }

    private void answer(AnswerRequest job) {
        var requested = job.requested();
        var champion =
                versions.champion(requested.workspace(), requested.model()).orElse(null);
        if (champion == null) {
            await(job);
            return;
        }
        patience.end(name(job));
        var wanted = new DistinctAnswers(
                requested.count(), requested.maxNewTokens(), config.temperature(), requested.seed());
        var texts = write(requested, champion, wanted);
        if (texts.size() < wanted.count()) {
            fail(
                    job,
                    "%s gave only %d different answers of the %d that were wanted; ask for fewer"
                            .formatted(champion.model(), texts.size(), wanted.count()));
            return;
        }
        var refs = texts.stream()
                .map(text -> artifacts.put(requested.workspace(), text))
                .toList();
        answers.close(job, new AnswersGenerated(requested.workspace(), requested.task(), champion.model(), refs), null);
    }

    private List<String> write(AnswersRequested requested, KnownVersion champion, DistinctAnswers wanted) {
        var prompt = prompt(requested);
        return models.with(champion, model -> wanted.draw(sampling -> model.generate(prompt, sampling)));
    }

    private String prompt(AnswersRequested requested) {
        try {
            return json.readValue(artifacts.read(requested.prompt()), SampleDocument.class)
                    .prompt();
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(
                    "the prompt of task %s is no sample document".formatted(requested.task()), broken);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void await(AnswerRequest job) {
        var reason = "model %s has no champion".formatted(job.requested().model());
        if (patience.isOver(name(job))) {
            patience.end(name(job));
            fail(job, "%s; import or train one, then ask again".formatted(reason));
        } else {
            answers.giveBack(job, MODEL_POLL, reason, false);
        }
    }

    private static String name(AnswerRequest job) {
        return Long.toString(job.position());
    }

    private void retry(AnswerRequest job, RuntimeException failure) {
        var reason = String.valueOf(failure.getMessage());
        if (job.attempts() >= config.attempts()) {
            Log.errorf(
                    failure, "answers failed task=%s reason=%s", job.requested().task(), reason);
            fail(job, "after %d attempts: %s".formatted(job.attempts(), reason));
        } else {
            Log.warnf(
                    "answers are tried again task=%s reason=%s", job.requested().task(), reason);
            answers.giveBack(job, Backoff.after(job.attempts()), reason, true);
        }
    }

    private void fail(AnswerRequest job, String reason) {
        answers.close(
                job,
                new AnswersFailed(job.requested().workspace(), job.requested().task(), reason),
                reason);
        Log.warnf("no answers task=%s reason=%s", job.requested().task(), reason);
    }
}
