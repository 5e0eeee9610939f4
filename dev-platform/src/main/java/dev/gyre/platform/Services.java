package dev.gyre.platform;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The services and servers as `deploy/services.yaml` declares them.
@JsonIgnoreProperties(ignoreUnknown = true)
record Services(Map<String, Server> servers, Map<String, Service> services) {

    record Server(int port, int controllerPort) {}

    /// @param heap what the service's heap may grow to, as `-Xmx` takes it
    record Service(int port, String heap, Map<String, String> environment) {

        @JsonCreator
        Service(
                @JsonProperty("port") int port,
                @JsonProperty("heap") String heap,
                @JsonProperty("environment") @Nullable Map<String, String> environment) {
            this.port = port;
            this.heap = heap;
            this.environment = environment == null ? Map.of() : Map.copyOf(environment);
        }
    }

    static Services read(Path deploy) {
        return Documents.readYaml(deploy.resolve("services.yaml"), Services.class);
    }
}
