package dev.gyre.eval.answer;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.AnswerEvent;
import dev.gyre.events.AnswerEvent.AnswersFailed;
import dev.gyre.events.AnswerEvent.AnswersGenerated;
import dev.gyre.events.AnswerEvent.AnswersRequested;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Records the answers that tasks want.
@ApplicationScoped
class AnswerConsumer {

    private final Inbox inbox;
    private final AnswerStore answers;

    AnswerConsumer(Inbox inbox, AnswerStore answers) {
        this.inbox = inbox;
        this.answers = answers;
    }

    @Incoming(AnswerEvent.TOPIC)
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive(AnswerEvent.TOPIC, record, AnswerEvent.class, this::on);
    }

    private void on(AnswerEvent event) {
        switch (event) {
            case AnswersRequested requested -> answers.want(requested);
            case AnswersGenerated ignored -> {}
            case AnswersFailed ignored -> {}
        }
    }
}
