package dev.gyre.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The folders of this checkout.
final class Checkout {

    static final Path ROOT =
            Path.of(System.getProperty("gyre.root", "..")).toAbsolutePath().normalize();

    static final List<String> SERVICES = List.of("ingest", "annotation", "trainer", "eval", "registry");

    static final List<String> LIBRARIES =
            List.of("event-contracts", "event-delivery", "artifact-store", "service-edge", "llm", "dev-platform", "cli");

    private Checkout() {}

    static Stream<String> modules() {
        return Stream.concat(LIBRARIES.stream(), SERVICES.stream().map(service -> service + "-service"));
    }
}
