package dev.gyre.registry.lineage;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.DatasetEvent;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Hears which data sets were frozen.
@ApplicationScoped
class DatasetConsumer {

    private final Inbox inbox;
    private final DatasetStore datasets;

    DatasetConsumer(Inbox inbox, DatasetStore datasets) {
        this.inbox = inbox;
        this.datasets = datasets;
    }

    @Incoming("lineage")
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive("lineage", record, DatasetEvent.class, this::on);
    }

    private void on(DatasetEvent event) {
        switch (event) {
            case DatasetFrozen frozen -> datasets.record(frozen);
            case DatasetTainted ignored -> {}
        }
    }
}
