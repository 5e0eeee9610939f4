package dev.gyre.registry.lineage;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.WorkLoop;
import dev.gyre.registry.lineage.DatasetStore.Dataset;
import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Lists the judgements of frozen data sets, so that one can ask from a judgement onwards.
@ApplicationScoped
class DatasetWorker {

    private static final Duration IDLE = Duration.ofMillis(300);
    private static final int BATCH = 1000;

    private final DatasetStore datasets;
    private final ArtifactStore artifacts;
    private final WorkLoop loop;

    DatasetWorker(DatasetStore datasets, ArtifactStore artifacts) {
        this.datasets = datasets;
        this.artifacts = artifacts;
        this.loop = new WorkLoop(
                "lineage-worker", IDLE, this::next, outage -> Log.warnf("lineage waits reason=%s", outage.toString()));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    /// @return whether there was something to do
    private boolean next() {
        var claimed = new AtomicReference<Dataset>();
        try {
            return QuarkusTransaction.requiringNew().timeout(600).call(() -> {
                var waiting = datasets.claim();
                waiting.ifPresent(dataset -> {
                    claimed.set(dataset);
                    list(dataset);
                    datasets.settle(dataset, "LISTED", null);
                });
                return waiting.isPresent();
            });
        } catch (IllegalArgumentException refused) {
            settle(claimed.get(), "REFUSED", refused);
        } catch (RuntimeException outage) {
            settle(claimed.get(), "WAITING", outage);
        }
        return true;
    }

    private void settle(@Nullable Dataset dataset, String state, RuntimeException failure) {
        if (dataset == null) {
            throw failure;
        }
        Log.warnf("judgements are not listed dataset=%s reason=%s", dataset.id(), failure.getMessage());
        QuarkusTransaction.requiringNew()
                .run(() -> datasets.settle(dataset, state, String.valueOf(failure.getMessage())));
    }

    private void list(Dataset dataset) {
        var count = 0;
        try (var lines = new BufferedReader(
                new InputStreamReader(artifacts.open(dataset.frozen().judgements()), StandardCharsets.UTF_8))) {
            var batch = new ArrayList<String>(BATCH);
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                batch.add(line);
                if (batch.size() == BATCH) {
                    datasets.add(dataset, count, batch);
                    count += batch.size();
                    batch.clear();
                }
            }
            datasets.add(dataset, count, batch);
            count += batch.size();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the judgements of data set " + dataset.id(), failure);
        }
        if (count != dataset.frozen().judgementCount()) {
            throw new IllegalArgumentException("data set %s lists %d judgements, its fact promises %d"
                    .formatted(dataset.id(), count, dataset.frozen().judgementCount()));
        }
    }
}
