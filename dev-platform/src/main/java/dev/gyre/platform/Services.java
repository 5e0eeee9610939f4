package dev.gyre.platform;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The services and servers as `deploy/services.yaml` declares them.
@JsonIgnoreProperties(ignoreUnknown = true)
record Services(Map<String, Server> servers, Map<String, Service> services) {

    record Server(int port, int controllerPort) {}

    /// What a service knows only from facts, and can be told again.
    ///
    /// @param groups consumer groups to be set back to the beginning
    /// @param consumers whose handled facts are forgotten
    /// @param tables to be emptied
    record Replay(List<String> groups, List<String> consumers, List<String> tables) {

        Replay {
            groups = List.copyOf(groups);
            consumers = List.copyOf(consumers);
            tables = List.copyOf(tables);
        }
    }

    /// @param heap what the service's heap may grow to, as `-Xmx` takes it
    /// @param replay nothing where the service owns all that it has
    record Service(
            int port, String heap, Map<String, String> environment, @Nullable Replay replay) {

        @JsonCreator
        Service(
                @JsonProperty("port") int port,
                @JsonProperty("heap") String heap,
                @JsonProperty("environment") @Nullable Map<String, String> environment,
                @JsonProperty("replay") @Nullable Replay replay) {
            this.port = port;
            this.heap = heap;
            this.replay = replay;
            this.environment = environment == null ? Map.of() : Map.copyOf(environment);
        }
    }

    static Services read(Path deploy) {
        return Documents.readYaml(deploy.resolve("services.yaml"), Services.class);
    }
}
