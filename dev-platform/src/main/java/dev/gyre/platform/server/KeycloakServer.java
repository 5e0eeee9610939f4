package dev.gyre.platform.server;

import dev.gyre.platform.process.Child;
import dev.gyre.platform.process.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Keycloak with the realm `gyre` in a JVM of its own on 127.0.0.1.
///
/// @param folder where this instance keeps its database and its copy of the realm
public record KeycloakServer(Path folder, int port, Path log) {

    private static final List<String> FLAGS = List.of(
            "-Xms64m",
            "-Xmx384m",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.security=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Duser.language=en",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                    + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
            "-Dpicocli.disable.closures=true",
            "-Dquarkus-log-max-startup-records=10000");

    /// Keycloak builds itself once for the options that cannot change afterwards; half a minute, once per checkout.
    public static void prepare(Checkout checkout, Path log) {
        var distribution = checkout.keycloak();
        try (var lock = new RandomAccessFile(distribution.resolve("gyre.lock").toFile(), "rw");
                var held = lock.getChannel().lock()) {
            var done = distribution.resolve("gyre.built");
            if (held.isValid() && Files.notExists(done)) {
                build(distribution, log);
                Files.createFile(done);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot build Keycloak in " + distribution, cause);
        }
    }

    private static void build(Path distribution, Path log) {
        var child = Child.start(
                java("keycloak-build", distribution, distribution, List.of("build", "--db=dev-file"), Map.of(), log));
        child.ended().join();
        if (child.exitCode() != 0) {
            throw new IllegalStateException(
                    "Keycloak could not build itself, exit code " + child.exitCode() + "\n" + child.lastLines());
        }
    }

    /// @param realm the realm as JSON, taken in the first time only
    public Program program(Checkout checkout, String realm, String administratorPassword) {
        var distribution = checkout.keycloak();
        furnish(distribution, realm);
        return java(
                "keycloak",
                distribution,
                folder,
                List.of(
                        "start",
                        "--optimized",
                        "--import-realm",
                        "--cache=local",
                        "--http-enabled=true",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--hostname=" + address()),
                Map.of("KC_BOOTSTRAP_ADMIN_USERNAME", "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD", administratorPassword),
                log);
    }

    public void await(Child child) {
        try (var client = HttpClient.newHttpClient()) {
            child.await(Duration.ofMinutes(5), starting -> answers(client));
        }
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public URI realm() {
        return address().resolve("/realms/gyre");
    }

    private boolean answers(HttpClient client) {
        var request =
                HttpRequest.newBuilder(realm()).timeout(Duration.ofSeconds(5)).build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Keycloak keeps data beside its programs; here the programs are links, so that instances share them.
    private void furnish(Path distribution, String realm) {
        try {
            for (var shared : List.of("lib", "conf", "providers", "themes")) {
                var link = folder.resolve(shared);
                Files.createDirectories(folder);
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, distribution.resolve(shared));
            }
            S3Server.writePrivately(folder.resolve("data/import/gyre-realm.json"), realm);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot prepare " + folder, cause);
        }
    }

    private static Program java(
            String name, Path distribution, Path home, List<String> arguments, Map<String, String> secrets, Path log) {
        var flags = new ArrayList<>(Program.SMALL);
        flags.addAll(FLAGS);
        flags.add("-Dkc.home.dir=" + home);
        flags.add("-Djboss.server.config.dir=" + home.resolve("conf"));
        var main = new ArrayList<>(List.of("io.quarkus.bootstrap.runner.QuarkusEntryPoint"));
        main.addAll(arguments);
        return Program.java(
                        name, flags, distribution.resolve("lib/quarkus-run.jar").toString(), main, log)
                .with(secrets);
    }
}
