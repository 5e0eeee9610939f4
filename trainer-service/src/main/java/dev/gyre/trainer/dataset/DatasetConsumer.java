package dev.gyre.trainer.dataset;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.DatasetEvent;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Hears which data sets were frozen or tainted.
@ApplicationScoped
class DatasetConsumer {

    private final Inbox inbox;
    private final DatasetStore datasets;

    DatasetConsumer(Inbox inbox, DatasetStore datasets) {
        this.inbox = inbox;
        this.datasets = datasets;
    }

    @Incoming(DatasetEvent.TOPIC)
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive(DatasetEvent.TOPIC, record, DatasetEvent.class, this::on);
    }

    private void on(DatasetEvent event) {
        switch (event) {
            case DatasetFrozen frozen -> datasets.know(frozen);
            case DatasetTainted tainted -> datasets.taint(tainted);
        }
    }
}
