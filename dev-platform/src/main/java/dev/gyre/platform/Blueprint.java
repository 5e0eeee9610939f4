package dev.gyre.platform;

import dev.gyre.platform.process.Child;
import dev.gyre.platform.process.Ports;
import dev.gyre.platform.process.Program;
import dev.gyre.platform.server.Checkout;
import dev.gyre.platform.server.KafkaBroker;
import dev.gyre.platform.server.KeycloakServer;
import dev.gyre.platform.server.PostgresServer;
import dev.gyre.platform.server.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What one instance consists of: which processes, on which ports, with which settings and secrets.
final class Blueprint {

    private static final String DATABASE = "gyre";
    private static final String BUCKET = "gyre";

    private final Home home;
    private final Checkout checkout;
    private final Services declared;
    private final Secrets secrets;
    private final String device;
    private final Wishes wishes;

    private final KafkaBroker kafka;
    private final S3Server s3;
    private final KeycloakServer keycloak;
    private final int postgresPort;

    /// Gives a part its port.
    private interface Wishes {

        int port(String part, int wished);
    }

    /// A new instance, on the ports that are wished for where these are free.
    Blueprint(Home home, Checkout checkout, String device) {
        this(home, checkout, device, (part, wished) -> Ports.freeOr(wished));
    }

    /// The instance that runs, as those see it who join it.
    static Blueprint of(Home home, Checkout checkout, State running) {
        return new Blueprint(home, checkout, "auto", (part, wished) -> running.part(part)
                .map(found -> found.address().getPort())
                .orElse(wished));
    }

    private Blueprint(Home home, Checkout checkout, String device, Wishes wishes) {
        this.home = home;
        this.checkout = checkout;
        this.device = device;
        this.wishes = wishes;
        declared = Services.read(checkout.deploy());
        secrets = new Secrets(home);
        kafka = new KafkaBroker(
                home.data("kafka"),
                port("kafka"),
                wishes.port("kafka-controller", server("kafka").controllerPort()),
                false,
                home.log("kafka"));
        s3 = new S3Server(
                home.data("s3"),
                port("s3"),
                secrets.secret("s3:access"),
                secrets.secret("s3:secret"),
                home.folder().resolve("run/s3proxy.properties"),
                home.log("s3"));
        keycloak = new KeycloakServer(home.data("keycloak"), port("keycloak"), home.log("keycloak"));
        postgresPort = port("postgres");
    }

    List<Unit> units(boolean withServices) {
        var units = new ArrayList<>(List.of(postgresUnit(), kafkaUnit(), s3Unit(), keycloakUnit()));
        if (withServices) {
            declared.services().forEach((name, service) -> units.add(serviceUnit(name, service)));
        }
        secrets.save();
        return units;
    }

    private Unit postgresUnit() {
        var data = home.data("postgres");
        var password = secrets.secret("database:postgres");
        declared.services().keySet().forEach(service -> secrets.secret("database:" + service));
        return new Unit(
                "postgres",
                URI.create("postgresql://127.0.0.1:" + postgresPort + "/" + DATABASE),
                Set.of(),
                home.log("postgres"),
                () -> PostgresServer.start(
                        data,
                        postgresPort,
                        password,
                        Map.of(
                                "max_connections",
                                "150",
                                "shared_buffers",
                                "64MB",
                                // The embedded server would lose the commits of the last moments when it is killed.
                                "synchronous_commit",
                                "on",
                                "fsync",
                                "on"),
                        home.log("postgres")),
                running -> prepareDatabase((PostgresServer) running, data));
    }

    private void prepareDatabase(PostgresServer server, Path data) {
        server.demandPasswords(data);
        Schemas.prepare(server, DATABASE, declared.services().keySet(), secrets);
    }

    private Unit kafkaUnit() {
        return Unit.of(
                "kafka",
                URI.create("kafka://" + kafka.bootstrapServers()),
                Set.of(),
                () -> kafka.program(checkout, sharedArchive("kafka")),
                child -> {
                    kafka.await(child);
                    TopicSetup.create(kafka.bootstrapServers(), Topics.read(checkout.deploy()));
                },
                home.log("kafka"));
    }

    private Unit s3Unit() {
        return Unit.of(
                "s3",
                URI.create(s3.endpoint()),
                Set.of(),
                () -> s3.program(checkout, sharedArchive("s3")),
                s3::await,
                home.log("s3"));
    }

    private Unit keycloakUnit() {
        var realm = secrets.fill(readRealm());
        var administrator = secrets.secret("keycloak:admin");
        return Unit.of(
                "keycloak",
                keycloak.address(),
                Set.of(),
                () -> {
                    KeycloakServer.prepare(checkout, home.log("keycloak"));
                    return keycloak.program(checkout, realm, administrator);
                },
                keycloak::await,
                home.log("keycloak"));
    }

    private Unit serviceUnit(String name, Services.Service service) {
        int port = Ports.freeOr(service.port());
        var address = URI.create("http://127.0.0.1:" + port);
        return Unit.of(
                name,
                address,
                Set.of("postgres", "kafka", "s3", "keycloak"),
                () -> serviceProgram(name, name, service, port),
                child -> awaitHealth(child, address),
                home.log(name))
                .watchedBy(() -> !saysItIsDown(address));
    }

    /// One more process of a service, with the settings of the first but for its port.
    ///
    /// @param as its name among the logs
    Program another(String name, String as, int port) {
        var service = declared.services().get(name);
        if (service == null) {
            throw new IllegalArgumentException(
                    "no service '%s'; there are %s".formatted(name, declared.services().keySet()));
        }
        return serviceProgram(name, as, service, port);
    }

    private Program serviceProgram(String name, String as, Services.Service service, int port) {
        var flags = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-Xms32m",
                "-Xmx" + service.heap(),
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        flags.addAll(sharedArchive(name));
        var environment = new HashMap<>(service.environment());
        environment.putAll(settings(name, port));
        return Program.java(
                        as,
                        flags,
                        checkout.service(name).resolve("quarkus-run.jar").toString(),
                        List.of("io.quarkus.bootstrap.runner.QuarkusEntryPoint"),
                        home.log(as))
                .with(environment);
    }

    private Map<String, String> settings(String name, int port) {
        return Map.ofEntries(
                Map.entry("QUARKUS_HTTP_HOST", "127.0.0.1"),
                Map.entry("QUARKUS_HTTP_PORT", Integer.toString(port)),
                Map.entry("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers()),
                Map.entry(
                        "QUARKUS_DATASOURCE_JDBC_URL",
                        "jdbc:postgresql://127.0.0.1:%d/%s?currentSchema=%s".formatted(postgresPort, DATABASE, name)),
                Map.entry("QUARKUS_DATASOURCE_USERNAME", name),
                Map.entry("QUARKUS_DATASOURCE_PASSWORD", secrets.secret("database:" + name)),
                Map.entry("GYRE_S3_ENDPOINT", s3.endpoint()),
                Map.entry("GYRE_S3_ACCESS_KEY", s3.accessKey()),
                Map.entry("GYRE_S3_SECRET_KEY", s3.secretKey()),
                Map.entry("GYRE_S3_BUCKET", BUCKET),
                Map.entry("QUARKUS_OIDC_AUTH_SERVER_URL", keycloak.realm().toString()),
                Map.entry("QUARKUS_OIDC_CLIENT_ID", "gyre"),
                Map.entry("QUARKUS_OIDC_CREDENTIALS_SECRET", secrets.secret("client:gyre")),
                Map.entry("GYRE_DEVICE", device));
    }

    /// Classes that the virtual machine parsed once and shares from then on; written when it first ends.
    private List<String> sharedArchive(String name) {
        try {
            var archive = home.cache(name);
            Files.createDirectories(archive.getParent());
            return List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off");
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /// A service whose hearer of a topic has given up says so, and does not get well by itself. No answer says
    /// nothing: the machine may be busy.
    private static boolean saysItIsDown(URI address) {
        var request = HttpRequest.newBuilder(address.resolve("/q/health/live"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 503;
        } catch (IOException silent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static void awaitHealth(Child child, URI address) {
        var request = HttpRequest.newBuilder(address.resolve("/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            child.await(Duration.ofMinutes(5), starting -> {
                try {
                    return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
                } catch (IOException notYet) {
                    return false;
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            });
        }
    }

    private String readRealm() {
        try {
            return Files.readString(checkout.deploy().resolve("keycloak/gyre-realm.json"));
        } catch (IOException cause) {
            throw new UncheckedIOException("no realm to give to Keycloak", cause);
        }
    }

    private int port(String server) {
        return wishes.port(server, server(server).port());
    }

    private Services.Server server(String name) {
        var server = declared.servers().get(name);
        if (server == null) {
            throw new IllegalStateException("deploy/services.yaml does not say on which port " + name + " listens");
        }
        return server;
    }
}
