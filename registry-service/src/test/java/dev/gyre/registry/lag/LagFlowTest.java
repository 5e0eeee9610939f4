package dev.gyre.registry.lag;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.gyre.platform.testing.KafkaTestResource;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/// Lag against a real broker.
@QuarkusTest
@WithTestResource(value = PostgresTestResource.class, initArgs = @ResourceArg(name = "schema", value = "registry"))
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
@WithTestResource(KafkaTestResource.class)
class LagFlowTest {

    private final String servers = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);

    @Test
    void consumerIsBehindByWhatItHasNotSaidToBeDone() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic("samples", 2, (short) 1)))
                    .all()
                    .get();
            tell(5);
            commit(admin, 0, 2);
            commit(admin, 1, 5);

            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> as("operator")
                    .get("/api/lag")
                    .then()
                    .statusCode(200)
                    .body("at", notNullValue())
                    .body("items.find { it.consumer == 'annotation' && it.topic == 'samples' }.facts", equalTo(3)));
            given().auth()
                    .oauth2(TestLogins.token("ada", "demo", "operator"))
                    .get("/q/metrics")
                    .then()
                    .body(containsString("gyre_lag_facts{consumer=\"annotation\",topic=\"samples\"} 3.0"));

            commit(admin, 0, 5);

            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> as("operator")
                    .get("/api/lag")
                    .then()
                    .body("items.find { it.consumer == 'annotation' && it.topic == 'samples' }.facts", equalTo(0)));
        }
        as("annotator").get("/api/lag").then().statusCode(403);
    }

    /// The same number to each of two partitions.
    private void tell(int facts) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
            for (var fact = 0; fact < facts; fact++) {
                for (var partition = 0; partition < 2; partition++) {
                    producer.send(new ProducerRecord<>("samples", partition, "key", "fact")).get();
                }
            }
        }
    }

    private static void commit(Admin admin, int partition, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(
                        "annotation", Map.of(new TopicPartition("samples", partition), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private static RequestSpecification as(String role) {
        return given().auth().oauth2(TestLogins.token("ada", "demo", role));
    }
}
