package dev.gyre.registry.version;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.Cause;
import dev.gyre.delivery.WorkLoop;
import dev.gyre.events.ModelFile;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Makes versions of finished runs, one after the other.
///
/// All of it is one transaction that holds the row of the run: a killed worker leaves the run as it was.
@ApplicationScoped
class RegistrationWorker {

    private static final Duration IDLE = Duration.ofMillis(300);

    private final RegistrationStore registrations;
    private final VersionStore versions;
    private final ArtifactStore artifacts;
    private final WorkLoop loop;

    RegistrationWorker(RegistrationStore registrations, VersionStore versions, ArtifactStore artifacts) {
        this.registrations = registrations;
        this.versions = versions;
        this.artifacts = artifacts;
        this.loop = new WorkLoop(
                "registration-worker", IDLE, this::next, outage -> Log.warnf("registrations wait reason=%s", outage.toString()));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    /// @return whether there was something to do
    private boolean next() {
        var claimed = new AtomicReference<String>();
        try {
            return QuarkusTransaction.requiringNew().timeout(600).call(() -> {
                Optional<RegistrationStore.Waiting> waiting = registrations.claim();
                waiting.ifPresent(run -> {
                    claimed.set(run.run());
                    Cause.decode(run.cause()).run(() -> register(run.completed()));
                    registrations.done(run.run());
                });
                return waiting.isPresent();
            });
        } catch (IllegalArgumentException refused) {
            settle(
                    claimed.get(),
                    () -> {
                        Log.errorf("run is no version run=%s reason=%s", claimed.get(), refused.getMessage());
                        registrations.refuse(claimed.get(), String.valueOf(refused.getMessage()));
                    },
                    refused);
        } catch (RuntimeException outage) {
            settle(
                    claimed.get(),
                    () -> {
                        Log.warnf("registration is put off run=%s reason=%s", claimed.get(), outage.getMessage());
                        registrations.postpone(claimed.get(), String.valueOf(outage.getMessage()));
                    },
                    outage);
        }
        return true;
    }

    private static void settle(@Nullable String run, Runnable outcome, RuntimeException failure) {
        if (run == null) {
            throw failure;
        }
        QuarkusTransaction.requiringNew().run(outcome);
    }

    private void register(TrainingCompleted training) {
        if (versions.byRun(training.workspace(), training.run()).isPresent()) {
            return;
        }
        NamingRule.require(training.workspace(), training.model());
        var files = training.files().stream().map(this::name).toList();
        var draft =
                new Draft(training.workspace(), training.model(), training, "trainer", files, CardNotes.NONE, false);
        var version = versions.register(draft);
        Log.infof("version registered model=%s run=%s", version.model(), training.run());
    }

    private VersionFile name(ModelFile file) {
        FilePolicy.admit(file.path());
        var content = file.content();
        if (GitObjects.isLarge(file.path(), content.bytes())) {
            if (!artifacts.exists(content)) {
                throw new UncheckedIOException(new IOException(
                        "file %s of the run is not in the store: %s".formatted(file.path(), content.location())));
            }
            return new VersionFile(file.path(), content, GitObjects.pointerOid(content), true);
        }
        try (var bytes = artifacts.open(content)) {
            return new VersionFile(file.path(), content, GitObjects.blobOid(bytes, content.bytes()), false);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read %s of the run".formatted(file.path()), failure);
        }
    }
}
