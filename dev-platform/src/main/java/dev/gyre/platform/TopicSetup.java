package dev.gyre.platform;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/// Makes the broker have the declared topics, before any service asks for one.
final class TopicSetup {

    private static final Map<String, String> FOR_EVER =
            Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1", TopicConfig.RETENTION_BYTES_CONFIG, "-1");

    private TopicSetup() {}

    static void create(String bootstrapServers, Topics topics) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            var wanted = topics.all();
            var there = admin.listTopics().names().get();
            admin.createTopics(wanted.entrySet().stream()
                            .filter(topic -> !there.contains(topic.getKey()))
                            .map(topic -> new NewTopic(topic.getKey(), topic.getValue(), (short) 1).configs(FOR_EVER))
                            .toList())
                    .all()
                    .get();
            grow(admin, wanted);
        } catch (ExecutionException cause) {
            throw new IllegalStateException("cannot create the topics: " + cause.getCause(), cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// A topic declared with more partitions than it has gets them; it never loses one.
    private static void grow(Admin admin, Map<String, Integer> wanted) throws ExecutionException, InterruptedException {
        var more = new HashMap<String, NewPartitions>();
        admin.describeTopics(List.copyOf(wanted.keySet())).allTopicNames().get().forEach((name, topic) -> {
            int count = wanted.getOrDefault(name, 1);
            if (count > topic.partitions().size()) {
                more.put(name, NewPartitions.increaseTo(count));
            }
        });
        admin.createPartitions(more).all().get();
    }
}
