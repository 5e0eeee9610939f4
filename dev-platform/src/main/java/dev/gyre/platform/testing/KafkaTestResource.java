package dev.gyre.platform.testing;

import dev.gyre.platform.process.Child;
import dev.gyre.platform.process.Ports;
import dev.gyre.platform.server.Checkout;
import dev.gyre.platform.server.KafkaBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A broker of its own for each test application, so that no test reads the records of another.
public final class KafkaTestResource implements QuarkusTestResourceLifecycleManager {

    private @Nullable Child broker;
    private @Nullable Path folder;

    @Override
    public Map<String, String> start() {
        var here = SharedServer.scratch("kafka");
        var server = new KafkaBroker(here, Ports.free(), Ports.free(), true, here.resolve("log"));
        folder = here;
        broker = server.await(Child.start(server.program(Checkout.find(), List.of())));
        return Map.of(
                "kafka.bootstrap.servers", server.bootstrapServers(), "quarkus.kafka.devservices.enabled", "false");
    }

    @Override
    public void stop() {
        if (broker != null && folder != null) {
            SharedServer.end(broker, folder);
        }
    }
}
