package dev.gyre.platform;

import dev.gyre.platform.server.Checkout;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/// Tells a service again what it knows only from facts: empties that, and sets its consumer groups to the beginning.
///
/// The service is stopped meanwhile and started again afterwards; everything else goes on.
public final class Replay {

    private final Platform platform;
    private final Services.Replay plan;
    private final String service;

    private Replay(Platform platform, String service, Services.Replay plan) {
        this.platform = platform;
        this.service = service;
        this.plan = plan;
    }

    /// @throws PlatformFailure if there is nothing of this service that facts could give back
    public static Replay of(Platform platform, String service) {
        var declared = Services.read(Checkout.find().deploy()).services();
        var known = declared.get(service);
        if (known == null) {
            throw new PlatformFailure("no service '%s'; there are %s".formatted(service, declared.keySet()));
        }
        if (known.replay() == null) {
            throw new PlatformFailure(
                    "%s owns what it has, facts cannot give it back: restore its database from a copy. From facts come back: %s"
                            .formatted(
                                    service,
                                    declared.entrySet().stream()
                                            .filter(other -> other.getValue().replay() != null)
                                            .map(Map.Entry::getKey)
                                            .toList()));
        }
        return new Replay(platform, service, known.replay());
    }

    /// Returns when the service runs again; it goes on hearing for a while.
    ///
    /// @throws PlatformFailure if another instance of the service still hears; nothing is changed then
    public void run() {
        platform.hold(service);
        try {
            toTheBeginning();
        } finally {
            platform.release(service);
        }
    }

    /// First the offsets: where the database does not follow, the facts come again and are passed over.
    private void toTheBeginning() {
        var servers = platform.address("kafka").getAuthority();
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            for (var group : plan.groups()) {
                setBack(admin, group);
            }
            forget();
        } catch (SQLException failure) {
            throw new PlatformFailure("cannot empty what %s knows: %s".formatted(service, failure.getMessage()));
        }
    }

    private void setBack(Admin admin, String group) {
        try {
            var partitions = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .keySet();
            var first = admin.listOffsets(partitions.stream()
                            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.earliest())))
                    .all()
                    .get();
            var beginning = first.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry<TopicPartition, ?>::getKey,
                            entry -> new OffsetAndMetadata(entry.getValue().offset())));
            admin.alterConsumerGroupOffsets(group, beginning).all().get();
        } catch (ExecutionException failure) {
            throw new PlatformFailure(
                    failure.getCause() instanceof UnknownMemberIdException
                            ? "another instance of %s still hears in group %s; stop it first".formatted(service, group)
                            : "cannot set group %s back: %s".formatted(group, failure.getCause()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new PlatformFailure("stopped while setting group %s back".formatted(group));
        }
    }

    private void forget() throws SQLException {
        var database = platform.address("postgres");
        var url = "jdbc:postgresql://%s%s?currentSchema=%s"
                .formatted(database.getAuthority(), database.getPath(), service);
        try (var connection = DriverManager.getConnection(
                url, service, platform.credentials().secret("database:" + service))) {
            connection.setAutoCommit(false);
            for (var table : plan.tables()) {
                execute(connection, "delete from " + table, List.of());
            }
            for (var consumer : plan.consumers()) {
                execute(connection, "delete from processed_event where consumer = ?", List.of(consumer));
            }
            connection.commit();
        }
    }

    private static void execute(Connection connection, String sql, List<String> values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int index = 0; index < values.size(); index++) {
                statement.setString(index + 1, values.get(index));
            }
            statement.executeUpdate();
        }
    }
}
