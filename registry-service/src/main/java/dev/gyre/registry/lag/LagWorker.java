package dev.gyre.registry.lag;

import dev.gyre.delivery.WorkLoop;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.jspecify.annotations.Nullable;

/// Asks the broker every few seconds how far each consumer group is behind, whether its service runs or not.
///
/// `gyre_lag_facts{consumer,topic}` is what Prometheus sees of it. Consumers commit every five seconds, so a busy one
/// is never quite at 0.
@ApplicationScoped
class LagWorker {

    private static final Duration PAUSE = Duration.ofSeconds(4);
    private static final String SERVERS = "bootstrap.servers";

    private final Map<String, Object> broker;
    private final MultiGauge gauge;
    private final WorkLoop loop;
    private volatile Reading latest = new Reading(null, List.of());
    private @Nullable Admin admin;

    /// @param broker the settings of every Kafka client of this service; without a broker there is nothing to ask
    LagWorker(@Identifier("default-kafka-broker") Map<String, Object> broker, MeterRegistry meters) {
        this.broker = broker;
        this.gauge = MultiGauge.builder("gyre.lag.facts").register(meters);
        this.loop = new WorkLoop(
                "lag", PAUSE, this::read, outage -> Log.warnf("lag is not known reason=%s", outage.getMessage()));
    }

    /// @param at when the broker said so, missing where it has not answered yet
    record Reading(@Nullable Instant at, List<Lag> items) {

        Reading {
            items = List.copyOf(items);
        }
    }

    Reading latest() {
        return latest;
    }

    void start(@Observes StartupEvent event) {
        if (broker.containsKey(SERVERS)) {
            loop.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (broker.containsKey(SERVERS)) {
            loop.close();
        }
        if (admin != null) {
            admin.close(Duration.ofSeconds(2));
        }
    }

    /// @return false: the broker is asked again after a pause
    private boolean read() {
        try {
            var items = lags(admin());
            latest = new Reading(Instant.now(), items);
            gauge.register(
                    items.stream()
                            .map(lag -> MultiGauge.Row.of(
                                    Tags.of("consumer", lag.consumer(), "topic", lag.topic()), lag.facts()))
                            .toList(),
                    true);
        } catch (ExecutionException outage) {
            throw new IllegalStateException(String.valueOf(outage.getCause()), outage);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private Admin admin() {
        if (admin == null) {
            admin = Admin.create(broker);
        }
        return admin;
    }

    private static List<Lag> lags(Admin admin) throws ExecutionException, InterruptedException {
        var groups = admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get().stream()
                .map(GroupListing::groupId)
                .collect(Collectors.toMap(group -> group, _ -> new ListConsumerGroupOffsetsSpec()));
        if (groups.isEmpty()) {
            return List.of();
        }
        var committed = admin.listConsumerGroupOffsets(groups).all().get();
        var ends = admin.listOffsets(committed.values().stream()
                        .flatMap(offsets -> offsets.keySet().stream())
                        .distinct()
                        .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest())))
                .all()
                .get();
        var lags = new ArrayList<Lag>();
        committed.forEach((group, offsets) -> {
            var behind = new HashMap<String, Long>();
            // without an offset the group has read nothing of the partition yet
            offsets.forEach((partition, offset) -> {
                var end = ends.get(partition);
                if (offset != null && end != null) {
                    behind.merge(partition.topic(), Math.max(0, end.offset() - offset.offset()), Long::sum);
                }
            });
            behind.forEach((topic, facts) -> lags.add(new Lag(group, topic, facts)));
        });
        lags.sort(Comparator.comparing(Lag::consumer).thenComparing(Lag::topic));
        return lags;
    }
}
