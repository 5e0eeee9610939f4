package dev.gyre.eval.suite;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.DatasetEvent;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Makes a suite of every frozen data set.
@ApplicationScoped
class DatasetConsumer {

    private final Inbox inbox;
    private final SuiteStore suites;

    DatasetConsumer(Inbox inbox, SuiteStore suites) {
        this.inbox = inbox;
        this.suites = suites;
    }

    @Incoming(DatasetEvent.TOPIC)
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive(DatasetEvent.TOPIC, record, DatasetEvent.class, this::on);
    }

    private void on(DatasetEvent event) {
        switch (event) {
            case DatasetFrozen frozen -> suites.add(frozen);
            case DatasetTainted tainted -> suites.taint(tainted);
        }
    }
}
