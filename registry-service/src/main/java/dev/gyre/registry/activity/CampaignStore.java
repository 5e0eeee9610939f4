package dev.gyre.registry.activity;

import dev.gyre.events.CampaignEvent;
import dev.gyre.events.CampaignEvent.CampaignOpened;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.registry.activity.ActivityStore.Filter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// The stories of campaigns, read from the facts.
@ApplicationScoped
class CampaignStore {

    private final ActivityStore activities;
    private final RunStore runs;

    CampaignStore(ActivityStore activities, RunStore runs) {
        this.activities = activities;
        this.runs = runs;
    }

    /// The latest, the newest first.
    List<CampaignStory> latest(String workspace, int count) {
        var wanted = new Filter(null, null, CampaignEvent.TOPIC, "CampaignOpened");
        return activities.last(workspace, wanted, count).reversed().stream()
                .flatMap(opened -> tell(workspace, opened).stream())
                .toList();
    }

    Optional<CampaignStory> story(String workspace, String campaign) {
        return activities.about(workspace, CampaignEvent.TOPIC, campaign).stream()
                .filter(fact -> fact.type().equals("CampaignOpened"))
                .findFirst()
                .flatMap(opened -> tell(workspace, opened));
    }

    private Optional<CampaignStory> tell(String workspace, Activity opened) {
        return Told.of(opened).map(opening -> {
            var campaign = (CampaignOpened) opening.fact();
            var facts = activities.turns(workspace, opened.correlation());
            var told = facts.stream().flatMap(fact -> Told.of(fact).stream()).toList();
            var asked = Told.facts(told, DatasetFrozen.class).stream()
                    .filter(frozen -> campaign.campaign().equals(frozen.campaign()))
                    .findFirst()
                    .flatMap(frozen -> asked(workspace, campaign.model(), frozen.dataset()));
            return CampaignStory.tell(
                    opening,
                    facts,
                    told,
                    activities.judgements(workspace, campaign.project()),
                    asked,
                    asked.flatMap(it -> runs.story(workspace, it.fact().key())));
        });
    }

    /// The newest request to train this model on a data set; others may learn from it too.
    private Optional<Told> asked(String workspace, String model, String dataset) {
        var told = activities.learningFrom(workspace, dataset).stream()
                .flatMap(fact -> Told.of(fact).stream())
                .filter(it -> it.fact() instanceof TrainingRequested request && request.model().equals(model))
                .toList();
        return Told.last(told, TrainingRequested.class);
    }
}
