package dev.gyre.registry.activity;

import dev.gyre.events.AnswerEvent;
import dev.gyre.events.CampaignEvent;
import dev.gyre.events.DatasetEvent;
import dev.gyre.events.DriftEvent;
import dev.gyre.events.ErasureEvent;
import dev.gyre.events.EvaluationEvent;
import dev.gyre.events.Fact;
import dev.gyre.events.InteractionEvent;
import dev.gyre.events.JudgementEvent;
import dev.gyre.events.ModelEvent;
import dev.gyre.events.SampleEvent;
import dev.gyre.events.TrainingEvent;
import java.util.LinkedHashMap;
import java.util.Map;

/// All topics, in the order in which the circle passes them.
final class Topics {

    private static final Map<String, Class<? extends Fact>> KINDS = kinds();

    private Topics() {}

    static Iterable<String> all() {
        return KINDS.keySet();
    }

    /// @throws IllegalArgumentException if there is no such topic
    static Class<? extends Fact> kind(String topic) {
        var kind = KINDS.get(topic);
        if (kind == null) {
            throw new IllegalArgumentException("topic '%s' must be one of %s".formatted(topic, KINDS.keySet()));
        }
        return kind;
    }

    private static Map<String, Class<? extends Fact>> kinds() {
        var kinds = new LinkedHashMap<String, Class<? extends Fact>>();
        kinds.put(SampleEvent.TOPIC, SampleEvent.class);
        kinds.put(InteractionEvent.TOPIC, InteractionEvent.class);
        kinds.put(AnswerEvent.TOPIC, AnswerEvent.class);
        kinds.put(JudgementEvent.TOPIC, JudgementEvent.class);
        kinds.put(CampaignEvent.TOPIC, CampaignEvent.class);
        kinds.put(DatasetEvent.TOPIC, DatasetEvent.class);
        kinds.put(TrainingEvent.TOPIC, TrainingEvent.class);
        kinds.put(ModelEvent.TOPIC, ModelEvent.class);
        kinds.put(EvaluationEvent.TOPIC, EvaluationEvent.class);
        kinds.put(DriftEvent.TOPIC, DriftEvent.class);
        kinds.put(ErasureEvent.TOPIC, ErasureEvent.class);
        return kinds;
    }
}
