package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// People are asked about what a model does not know yet. Told by annotation, keyed by campaign.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = CampaignEvent.CampaignOpened.class, name = "CampaignOpened"),
    @Type(value = CampaignEvent.CampaignClosed.class, name = "CampaignClosed")
})
public sealed interface CampaignEvent extends Fact {

    String TOPIC = "campaigns";

    String campaign();

    @Override
    default String key() {
        return campaign();
    }

    /// How a campaign ended.
    enum Outcome {
        /// All that was asked is answered.
        ANSWERED,
        /// The deadline came with enough judgements for a data set.
        DEADLINE,
        /// The deadline came with too few: nothing is learned from them.
        TOO_FEW,
        /// A person closed it.
        CANCELLED
    }

    /// @param project where people answer
    /// @param model name of the model that is to learn
    /// @param drift the alarm that opened it; missing where a person did
    /// @param tasks how many things people are asked about
    /// @param budget most judgements that are asked for
    /// @param deadline when it ends at the latest, ISO 8601 in UTC
    /// @param reason why, in whole sentences
    record CampaignOpened(
            String workspace,
            String campaign,
            String project,
            String model,
            @Nullable String drift,
            int tasks,
            int budget,
            String deadline,
            String reason)
            implements CampaignEvent {}

    /// @param dataset what was frozen; missing where nothing was
    /// @param judgements how many people gave
    /// @param reason why, in whole sentences
    record CampaignClosed(
            String workspace,
            String campaign,
            String project,
            String model,
            Outcome outcome,
            @Nullable String dataset,
            int judgements,
            String reason)
            implements CampaignEvent {}
}
