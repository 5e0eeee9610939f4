package dev.gyre.annotation.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gyre.annotation.campaign.DriftStore.Waiting;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.Cause;
import dev.gyre.delivery.WorkLoop;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.DriftEvent.Drifted;
import dev.gyre.events.SampleDocument;
import io.quarkus.logging.Log;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Gatherers;

/// Makes campaigns of alarms, where a plan wants it.
@ApplicationScoped
class OpeningWorker {

    private static final Duration IDLE = Duration.ofMillis(300);
    private static final int CHUNK = 256;
    private static final int AT_ONCE = 8;
    private static final int ATTEMPTS = 10;
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final ObjectReader ROWS = JSON.readerFor(Drifted.class);
    private static final ObjectReader DOCUMENTS = JSON.readerFor(SampleDocument.class);

    private final DriftStore drifts;
    private final PlanStore plans;
    private final CampaignStore campaigns;
    private final ArtifactStore artifacts;
    private final WorkLoop loop;

    OpeningWorker(DriftStore drifts, PlanStore plans, CampaignStore campaigns, ArtifactStore artifacts) {
        this.drifts = drifts;
        this.plans = plans;
        this.campaigns = campaigns;
        this.artifacts = artifacts;
        this.loop = new WorkLoop(
                "campaign-opening", IDLE, this::next, outage -> Log.warnf("alarms wait reason=%s", outage.toString()));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    /// @return whether there was something to do
    private boolean next() {
        var claimed = drifts.claim();
        claimed.ifPresent(drift -> Cause.decode(drift.cause()).run(() -> take(drift)));
        return claimed.isPresent();
    }

    private void take(Waiting waiting) {
        var drift = waiting.detected();
        try {
            decide(drift);
        } catch (IllegalArgumentException broken) {
            drifts.decline(drift, "What drifted cannot be read: %s.".formatted(broken.getMessage()));
        } catch (RuntimeException outage) {
            if (waiting.attempts() >= ATTEMPTS && outage instanceof UncheckedIOException) {
                drifts.decline(drift, "What drifted cannot be read: %s.".formatted(outage.getMessage()));
                return;
            }
            drifts.retry(drift, Duration.ofSeconds(1L << Math.min(5, waiting.attempts())));
            throw outage;
        }
    }

    private void decide(DriftDetected drift) {
        var model = drift.model().name();
        var found = plans.find(drift.workspace(), model);
        var drifted = drift.drifted();
        if (found.isEmpty()) {
            drifts.decline(
                    drift,
                    "There is no campaign plan for model %s; a manager sets one with PUT /api/campaign-plans/%s."
                            .formatted(model, model));
        } else if (!found.get().concerns().contains(drift.concern())) {
            drifts.decline(
                    drift,
                    "The campaign plan for model %s is about %s, this alarm about %s."
                            .formatted(model, found.get().concerns(), drift.concern()));
        } else if (campaigns.open(drift.workspace(), model).isPresent()) {
            drifts.decline(
                    drift,
                    "Campaign %s for model %s is still open: people are being asked already."
                            .formatted(campaigns.open(drift.workspace(), model).orElse(""), model));
        } else if (drifted == null) {
            drifts.decline(drift, "The alarm names no interactions that people could be asked about.");
        } else {
            open(drift, found.get(), prompts(drift, drifted, found.get().tasks()));
        }
    }

    private void open(DriftDetected drift, CampaignPlan plan, List<Drifted> prompts) {
        int most = prompts.size() * plan.answersPerItem();
        if (most < plan.minimum()) {
            drifts.decline(
                    drift,
                    "Only %d drifted prompts are new, which gives %d judgements where %d are needed; a lower minimum would let people begin."
                            .formatted(prompts.size(), most, plan.minimum()));
            return;
        }
        campaigns.open(drift, plan, prompts);
        Log.infof("campaign opened for %s reason=%s", plan.model(), drift.explanation());
    }

    /// The first interactions with different prompts that people were not asked about before.
    private List<Drifted> prompts(DriftDetected drift, ArtifactRef rows, int most) {
        var byPrompt = new LinkedHashMap<String, Drifted>();
        try (var lines = new BufferedReader(new InputStreamReader(artifacts.open(rows), StandardCharsets.UTF_8))) {
            var chunk = chunk(lines);
            while (!chunk.isEmpty() && byPrompt.size() < most) {
                var asked = campaigns.asked(
                        drift.workspace(),
                        chunk.stream().map(Drifted::interaction).toList());
                chunk.stream()
                        .filter(row -> !asked.contains(row.interaction()))
                        .gather(Gatherers.mapConcurrent(AT_ONCE, this::prompt))
                        .flatMap(Optional::stream)
                        .forEach(row -> byPrompt.putIfAbsent(row.getKey(), row.getValue()));
                chunk = chunk(lines);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read what drifted in " + rows.location(), failure);
        }
        return byPrompt.values().stream().limit(most).toList();
    }

    private static List<Drifted> chunk(BufferedReader lines) throws IOException {
        var rows = new ArrayList<Drifted>();
        for (var line = lines.readLine(); line != null; line = rows.size() < CHUNK ? lines.readLine() : null) {
            try {
                rows.add(ROWS.readValue(line));
            } catch (JsonProcessingException broken) {
                throw new IllegalArgumentException("a line is no drifted interaction as JSON", broken);
            }
        }
        return rows;
    }

    /// The text of an interaction; nothing where it was erased meanwhile.
    private Optional<Map.Entry<String, Drifted>> prompt(Drifted row) {
        try {
            SampleDocument document = DOCUMENTS.readValue(artifacts.read(row.content()));
            return Optional.of(Map.entry(document.prompt(), row));
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(
                    "interaction %s is no sample document".formatted(row.interaction()), broken);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (UncheckedIOException failure) {
            if (artifacts.exists(row.content())) {
                throw failure;
            }
            return Optional.empty();
        }
    }
}
