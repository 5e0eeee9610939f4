package dev.gyre.registry.promotion;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.EvaluationEvent;
import dev.gyre.events.EvaluationEvent.ChampionFellShort;
import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import dev.gyre.events.EvaluationEvent.EvaluationFailed;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Hears verdicts, and what became of champions, and applies them.
@ApplicationScoped
class EvaluationConsumer {

    private final Inbox inbox;
    private final PromotionStore promotions;

    EvaluationConsumer(Inbox inbox, PromotionStore promotions) {
        this.inbox = inbox;
        this.promotions = promotions;
    }

    @Incoming("evaluations")
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive("evaluations", record, EvaluationEvent.class, this::on);
    }

    private void on(EvaluationEvent event) {
        switch (event) {
            case EvaluationCompleted verdict -> promotions.apply(verdict);
            case EvaluationFailed failure -> promotions.apply(failure);
            case ChampionFellShort fell -> promotions.apply(fell);
        }
    }
}
