package dev.gyre.platform.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class TestResourcesIT {

    @Test
    void everyApplicationGetsADatabaseOfItsOwnInItsSchema() throws Exception {
        var first = start("one");
        var second = start("two");

        assertThat(first.get("quarkus.datasource.jdbc.url")).endsWith("?currentSchema=one");
        assertThat(currentSchema(first)).isEqualTo("one");
        assertThat(currentSchema(second)).isEqualTo("two");
        assertThat(first.get("quarkus.datasource.jdbc.url")).isNotEqualTo(second.get("quarkus.datasource.jdbc.url"));
    }

    @Test
    void theStoreAnswersAndRefusesStrangers() throws Exception {
        var settings = new S3TestResource().start();
        var request = HttpRequest.newBuilder(URI.create(settings.get("gyre.s3.endpoint") + "/"))
                .build();

        try (var client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void whatIsProducedIsConsumed() throws Exception {
        var kafka = new KafkaTestResource();
        var servers = kafka.start().get("kafka.bootstrap.servers");

        try (var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer());
                var consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", servers, "group.id", "test", "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            producer.send(new ProducerRecord<>("greetings", "key", "hello")).get();
            consumer.subscribe(List.of("greetings"));

            assertThat(consumer.poll(Duration.ofSeconds(30)))
                    .extracting("value")
                    .containsExactly("hello");
        } finally {
            kafka.stop();
        }
    }

    private static Map<String, String> start(String schema) {
        var postgres = new PostgresTestResource();
        postgres.init(Map.of("schema", schema));
        return postgres.start();
    }

    private static String currentSchema(Map<String, String> settings) throws Exception {
        try (var connection = DriverManager.getConnection(
                settings.get("quarkus.datasource.jdbc.url"),
                settings.get("quarkus.datasource.username"),
                settings.get("quarkus.datasource.password"))) {
            return connection.getSchema();
        }
    }
}
