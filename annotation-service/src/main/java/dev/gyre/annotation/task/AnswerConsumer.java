package dev.gyre.annotation.task;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.AnswerEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Takes the answers that a model wrote for a task.
@ApplicationScoped
class AnswerConsumer {

    private final Inbox inbox;
    private final PreparationStore tasks;

    AnswerConsumer(Inbox inbox, PreparationStore tasks) {
        this.inbox = inbox;
        this.tasks = tasks;
    }

    @Incoming("answers")
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive("answers", record, AnswerEvent.class, this::on);
    }

    private void on(AnswerEvent event) {
        switch (event) {
            case AnswerEvent.AnswersGenerated generated -> tasks.answered(generated);
            case AnswerEvent.AnswersFailed(var workspace, var task, var reason) ->
                tasks.skipAsked(workspace, task, new Preparation.Skip("answers-failed", reason));
            case AnswerEvent.AnswersRequested ignored -> {}
        }
    }
}
