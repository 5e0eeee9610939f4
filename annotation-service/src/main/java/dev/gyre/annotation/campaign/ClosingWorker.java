package dev.gyre.annotation.campaign;

import dev.gyre.annotation.campaign.CampaignStore.Due;
import dev.gyre.annotation.dataset.Freezer;
import dev.gyre.annotation.dataset.HeldOutSplit;
import dev.gyre.annotation.project.Projects;
import dev.gyre.delivery.Cause;
import dev.gyre.delivery.WorkLoop;
import dev.gyre.events.DatasetEvent.Purpose;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.ClientErrorException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Closes campaigns that are answered or whose deadline has come, and freezes what people said.
@ApplicationScoped
class ClosingWorker {

    private static final Duration IDLE = Duration.ofMillis(300);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final CampaignStore campaigns;
    private final Projects projects;
    private final Freezer freezer;
    private final WorkLoop loop;

    ClosingWorker(CampaignStore campaigns, Projects projects, Freezer freezer) {
        this.campaigns = campaigns;
        this.projects = projects;
        this.freezer = freezer;
        this.loop = new WorkLoop(
                "campaign-closing",
                IDLE,
                this::next,
                outage -> Log.warnf("campaigns wait reason=%s", outage.toString()));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    /// @return whether there was something to do
    private boolean next() {
        var claimed = campaigns.claim();
        claimed.ifPresent(this::closeDue);
        return claimed.isPresent();
    }

    private void closeDue(Due campaign) {
        try {
            Closing.of(campaign.standing())
                    .ifPresent(closing -> Cause.decode(campaign.cause()).run(() -> close(campaign, closing)));
        } catch (RuntimeException outage) {
            campaigns.retry(campaign, AFTER_FAILURE);
            throw outage;
        }
    }

    /// A person closes it; does nothing where it is closed already.
    void closeByHand(String workspace, String campaign) {
        campaigns
                .standing(workspace, campaign)
                .ifPresent(open -> new Cause(Cause.decode(open.cause()).correlation(), null, 0)
                        .run(() -> close(open, Closing.byHand(open.standing()))));
    }

    private void close(Due campaign, Closing closing) {
        if (!closing.freezes()) {
            finish(campaign, closing, null);
            return;
        }
        Freezer.Draft draft;
        try {
            draft = draft(campaign);
        } catch (ClientErrorException impossible) {
            finish(campaign, closing.withoutDataset(String.valueOf(impossible.getMessage())), null);
            return;
        }
        finish(campaign, closing, draft);
    }

    private Freezer.Draft draft(Due campaign) {
        return freezer.draft(
                projects.require(campaign.workspace(), campaign.project()),
                new Freezer.Order(
                        UUID.randomUUID().toString(),
                        campaign.name(),
                        null,
                        Purpose.TRAINING,
                        new HeldOutSplit(campaign.seed(), campaign.heldOutShare()),
                        campaign.id(),
                        campaign.model()));
    }

    private void finish(Due campaign, Closing closing, Freezer.@Nullable Draft draft) {
        campaigns.close(campaign, closing, draft);
        Log.infof("campaign for %s closed reason=%s", campaign.model(), closing.reason());
    }
}
