package dev.gyre.platform.server;

import dev.gyre.platform.process.Child;
import dev.gyre.platform.process.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One Kafka broker, its own controller (KRaft), in a JVM of its own on 127.0.0.1.
///
/// @param createsTopics whether a topic is made when somebody first asks for it; only tests want that
public record KafkaBroker(Path data, int port, int controllerPort, boolean createsTopics, Path log) {

    private static final String CLUSTER = "Z3lyZS1kZXYtY2x1c3Rlcg";

    /// What to start; the broker keeps its storage in the data folder.
    public Program program(Checkout checkout, List<String> flags) {
        var settings = write(data.resolve("server.properties"), settings());
        var logging = write(data.resolve("log4j2.properties"), LOGGING);
        var all = new ArrayList<>(Program.SMALL);
        all.addAll(List.of("-Xms64m", "-Xmx256m", "-Dlog4j2.configurationFile=" + logging));
        all.addAll(flags);
        return Program.java(
                "kafka",
                all,
                Program.jarsOf(checkout.kafkaJars()) + ":" + ownClasses(),
                List.of(
                        BrokerHost.class.getName(),
                        settings.toString(),
                        storage().toString(),
                        CLUSTER),
                log);
    }

    public Child await(Child broker) {
        return broker.await(Duration.ofMinutes(5), ready -> ready.wrote("Kafka Server started"));
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    private Path storage() {
        return data.resolve("storage");
    }

    private String settings() {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
                log.dirs=%3$s
                auto.create.topics.enable=%4$s
                log.retention.ms=-1
                log.retention.bytes=-1
                num.partitions=1
                offsets.topic.num.partitions=4
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                broker.session.timeout.ms=4000
                broker.heartbeat.interval.ms=1000
                group.initial.rebalance.delay.ms=0
                group.min.session.timeout.ms=1000
                log.cleaner.dedupe.buffer.size=8388608
                """.formatted(port, controllerPort, storage(), createsTopics);
    }

    private static final String LOGGING = """
            appender.stdout.type = Console
            appender.stdout.name = stdout
            appender.stdout.layout.type = PatternLayout
            appender.stdout.layout.pattern = %d{ISO8601} %-5p %c{1} %m%n
            rootLogger.level = warn
            rootLogger.appenderRef.stdout.ref = stdout
            logger.server.name = kafka.server.KafkaRaftServer
            logger.server.level = info
            """;

    private static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static Path ownClasses() {
        try {
            return Path.of(BrokerHost.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
