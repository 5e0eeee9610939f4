package dev.gyre.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gyre.events.SampleEvent;
import dev.gyre.events.SampleEvent.SampleRefused;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.TestFacts;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import io.smallrye.reactive.messaging.memory.InMemorySink;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(PostgresTestResource.class)
class DeliveryFlowTest {

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    Outbox outbox;

    @Inject
    Inbox inbox;

    @Inject
    Jdbi jdbi;

    private final List<SampleEvent> handled = new ArrayList<>();

    @BeforeEach
    void forget() {
        facts().clear();
    }

    @Test
    void factLeavesWithTheTransactionThatMadeIt() {
        QuarkusTransaction.requiringNew().run(() -> outbox.tell(refused("s-1")));

        await().untilAsserted(() ->
                assertThat(TestFacts.told(facts(), SampleRefused.class)).containsExactly(refused("s-1")));
        assertThat(header(facts().received().getFirst(), "ce_source")).isEqualTo("/gyre/delivery-test");
    }

    @Test
    void factOfARolledBackTransactionIsNeverTold() {
        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
                    outbox.tell(refused("s-2"));
                    throw new IllegalStateException("the change failed");
                }))
                .hasMessageContaining("the change failed");
        QuarkusTransaction.requiringNew().run(() -> outbox.tell(refused("s-3")));

        await().untilAsserted(() ->
                assertThat(TestFacts.told(facts(), SampleRefused.class)).containsExactly(refused("s-3")));
    }

    @Test
    void factWithoutATransactionIsRefused() {
        assertThatThrownBy(() -> outbox.tell(refused("s-4"))).hasMessageContaining("needs a running transaction");
    }

    @Test
    void secondDeliveryDoesNothing() {
        var id = UUID.randomUUID().toString();

        deliver(TestFacts.message(refused("s-5"), id, "story"));
        deliver(TestFacts.message(refused("s-5"), id, "story"));

        assertThat(handled).containsExactly(refused("s-5"));
    }

    @Test
    void whatAHandlerTellsBelongsToTheStoryOfWhatItHeard() {
        var heard = UUID.randomUUID().toString();

        inbox.receive(
                "test",
                TestFacts.message(refused("s-6"), heard, "story-6").getPayload(),
                SampleEvent.class,
                event -> outbox.tell(refused("s-7")));

        await().untilAsserted(() -> assertThat(facts().received()).hasSize(1));
        var told = facts().received().getFirst();
        assertThat(header(told, "ce_correlationid")).isEqualTo("story-6");
        assertThat(header(told, "ce_traceparent"))
                .matches("00-" + Cause.outside("story-6").trace() + "-[0-9a-f]{16}-01");
        assertThat(header(told, "ce_causationid")).isEqualTo(heard);
        assertThat(header(told, "ce_causationdepth")).isEqualTo("1");
    }

    @Test
    void poisonGoesToTheDeadLettersWithItsReason() {
        var payload = "{\"type\":\"SampleRefused\",\"row\":\"many\"}".getBytes(StandardCharsets.UTF_8);

        deliver(TestFacts.message("samples", "s-8", "SampleRefused", payload, "poison-1", "story"));

        await().untilAsserted(() -> assertThat(facts().received()).hasSize(1));
        var dead = facts().received().getFirst();
        assertThat(dead.getPayload()).isEqualTo(payload);
        assertThat(metadata(dead).getTopic()).isEqualTo("samples.dead");
        assertThat(header(dead, "dead-reason")).contains("not a SampleEvent");
        assertThat(handled).isEmpty();
    }

    @Test
    void letterThatIsSentAgainIsHeardByItsConsumerAlone() {
        deliver(strange("sent-again", "{", header -> header.add(Inbox.DEAD_CONSUMER, bytes("another"))));
        deliver(strange("sent-again", "{", header -> header.add(Inbox.DEAD_CONSUMER, bytes("test"))));

        await().untilAsserted(() -> assertThat(facts().received()).hasSize(1));
        assertThat(header(facts().received().getFirst(), Inbox.DEAD_CONSUMER)).isEqualTo("test");
    }

    /// A header without a value, a character that no database takes, no key, no body.
    @Test
    void poisonOfEveryKindBecomesADeadLetter() {
        deliver(strange("valueless", "{}", header -> header.add("ce_id", (byte[]) null)));
        deliver(strange("nul", "{\"type\":\"\0\"}", header -> header.add("ce_id", bytes("\0"))
                .add("ce_source", bytes("/gyre/\0"))));
        deliver(strange("nul-key\0", "{", header -> header.add("ce_id", bytes("nul-key"))
                .add("ce_source", bytes("/gyre/test"))));
        deliver(strange(null, null, header -> header.add("ce_id", bytes("empty")).add("ce_source", bytes("/gyre/test"))));
        deliver(TestFacts.message(refused("s-behind"), "behind-1", "story"));

        await().untilAsserted(() -> assertThat(facts().received()).hasSize(4));
        assertThat(facts().received()).allSatisfy(letter -> {
            assertThat(metadata(letter).getTopic()).isEqualTo("samples.dead");
            assertThat(header(letter, "dead-reason")).isNotBlank();
        });
        assertThat(handled).containsExactly(refused("s-behind"));
    }

    /// Kafka allows what our types do not.
    @SuppressWarnings("NullAway")
    private static ConsumerRecord<String, byte[]> strange(
            @Nullable String key, @Nullable String body, Consumer<Headers> headers) {
        var record = new ConsumerRecord<String, byte[]>("samples", 0, 0, key, body == null ? null : bytes(body));
        headers.accept(record.headers());
        return record;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void factOfANewerTypeIsPassedOver() {
        var payload = "{\"type\":\"SampleTranslated\",\"sample\":\"s-9\"}".getBytes(StandardCharsets.UTF_8);

        deliver(TestFacts.message("samples", "s-9", "SampleTranslated", payload, "newer-1", "story"));
        QuarkusTransaction.requiringNew().run(() -> outbox.tell(refused("s-10")));

        await().untilAsserted(() -> assertThat(facts().received()).hasSize(1));
        assertThat(metadata(facts().received().getFirst()).getTopic()).isEqualTo("samples");
        assertThat(handled).isEmpty();
    }

    @Test
    void letterThatIsSentAgainIsForTheOneThatFailed() {
        var others = TestFacts.message(refused("s-13"), "again-1", "story");
        others.getPayload().headers().add(Inbox.DEAD_CONSUMER, "another".getBytes(StandardCharsets.UTF_8));
        var mine = TestFacts.message(refused("s-14"), "again-2", "story");
        mine.getPayload().headers().add(Inbox.DEAD_CONSUMER, "test".getBytes(StandardCharsets.UTF_8));

        deliver(others);
        deliver(mine);

        assertThat(handled).containsExactly(refused("s-14"));
    }

    @Test
    void databaseThatDropsTheTransactionKillsNoFact() {
        var tries = new AtomicInteger();

        inbox.receive(
                "test",
                TestFacts.message(refused("s-11"), "dropped-1", "story").getPayload(),
                SampleEvent.class,
                event -> {
                    if (tries.incrementAndGet() <= 6) {
                        dropThisTransaction();
                    }
                    handled.add(event);
                });
        QuarkusTransaction.requiringNew().run(() -> outbox.tell(refused("s-12")));

        await().untilAsserted(() -> assertThat(facts().received()).hasSize(1));
        assertThat(metadata(facts().received().getFirst()).getTopic()).isEqualTo("samples");
        assertThat(tries).hasValue(7);
    }

    /// Ends the connection of the running transaction from another one: nobody notices before the commit.
    private void dropThisTransaction() {
        int mine = jdbi.withHandle(handle ->
                handle.createQuery("select pg_backend_pid()").mapTo(int.class).one());
        QuarkusTransaction.requiringNew()
                .run(() -> jdbi.useHandle(handle -> handle.createQuery("select pg_terminate_backend(:backend, 5000)")
                        .bind("backend", mine)
                        .mapTo(boolean.class)
                        .one()));
    }

    private void deliver(Message<ConsumerRecord<String, byte[]>> message) {
        deliver(message.getPayload());
    }

    private void deliver(ConsumerRecord<String, byte[]> record) {
        inbox.receive("test", record, SampleEvent.class, handled::add);
    }

    private InMemorySink<byte[]> facts() {
        return broker.sink("facts");
    }

    private static OutgoingKafkaRecordMetadata<?> metadata(Message<byte[]> message) {
        return message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow();
    }

    private static String header(Message<byte[]> message, String name) {
        return new String(metadata(message).getHeaders().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static SampleRefused refused(String sample) {
        return new SampleRefused("demo", sample, "source", "upload", 1, "empty", "column prompt is empty");
    }
}
