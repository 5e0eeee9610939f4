package dev.gyre.events;

/// Something that happened, told once by the service that owns it and kept for ever.
///
/// A fact carries references, never data: personal text stays behind an [ArtifactRef] that can be deleted while the
/// fact remains. Its JSON has a property `type`, the simple name of the record.
public sealed interface Fact
        permits SampleEvent,
                InteractionEvent,
                AnswerEvent,
                JudgementEvent,
                CampaignEvent,
                DatasetEvent,
                TrainingEvent,
                EvaluationEvent,
                ModelEvent,
                DriftEvent,
                ErasureEvent {

    /// The workspace that the fact belongs to; nobody else may see it.
    String workspace();

    /// The Kafka key: facts of one key arrive in the order in which they were told.
    String key();

    /// The topic of the fact, which is also the word that its sealed interface stands for.
    default String topic() {
        return switch (this) {
            case SampleEvent ignored -> SampleEvent.TOPIC;
            case InteractionEvent ignored -> InteractionEvent.TOPIC;
            case AnswerEvent ignored -> AnswerEvent.TOPIC;
            case JudgementEvent ignored -> JudgementEvent.TOPIC;
            case CampaignEvent ignored -> CampaignEvent.TOPIC;
            case DatasetEvent ignored -> DatasetEvent.TOPIC;
            case TrainingEvent ignored -> TrainingEvent.TOPIC;
            case EvaluationEvent ignored -> EvaluationEvent.TOPIC;
            case ModelEvent ignored -> ModelEvent.TOPIC;
            case DriftEvent ignored -> DriftEvent.TOPIC;
            case ErasureEvent ignored -> ErasureEvent.TOPIC;
        };
    }
}
