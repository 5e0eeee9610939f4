package dev.gyre.platform.server;

import dev.gyre.platform.process.Guard;
import dev.gyre.platform.process.Running;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// PostgreSQL on 127.0.0.1; it works as root too.
public final class PostgresServer implements Running {

    private static final String PASSWORDS_ONLY = "host all all 127.0.0.1/32 scram-sha-256\n";

    private static final int BEGIN_LOOKS = 600;
    private static final int GONE_LOOKS = 40;
    private static final int ORPHANS_LOOKS = 100;

    private final EmbeddedPostgres postgres;
    private final String password;
    private final long pid;
    private final CompletableFuture<ProcessHandle> ended;

    private PostgresServer(EmbeddedPostgres postgres, String password, long pid) {
        this.postgres = postgres;
        this.password = password;
        this.pid = pid;
        Guard.instance().watch(pid, "INT");
        ended = ProcessHandle.of(pid)
                .map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("PostgreSQL ended at once")));
    }

    /// Starts on a data folder, which is made if it is not there and stays when the server stops.
    ///
    /// @param password of the superuser `postgres`; a new data folder trusts everybody until [#demandPasswords()]
    public static PostgresServer start(Path data, int port, String password, Map<String, String> settings, Path log) {
        try {
            Files.createDirectories(log.getParent());
            awaitOrphans(data);
            forgetStaleLock(data);
            // The builder keeps its own lock when a start fails, and would then refuse every later one in this process.
            Files.deleteIfExists(data.resolve("epg-lock"));
            var output = Redirect.appendTo(log.toFile());
            var builder = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPort(port)
                    .setPGStartupWait(Duration.ofMinutes(5))
                    .setConnectConfig("password", password)
                    .setServerConfig("unix_socket_directories", "")
                    .setOutputRedirector(output)
                    .setErrorRedirector(output);
            settings.forEach(builder::setServerConfig);
            var postgres = started(builder, data);
            long pid = ownerOf(data);
            return new PostgresServer(postgres, password, pid);
        } catch (IOException cause) {
            throw new UncheckedIOException("PostgreSQL did not start on port " + port + "; see " + log, cause);
        }
    }

    /// Starts the server, or gives up early where it ended at once, as on a disk without room: the builder would ask for
    /// minutes whether it answers. A folder that is new takes its time.
    private static EmbeddedPostgres started(EmbeddedPostgres.Builder builder, Path data) throws IOException {
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            return builder.start();
        }
        var starter = Thread.currentThread();
        var watch = Thread.ofVirtual().start(() -> {
            try {
                awaitEndOfStart(data);
                starter.interrupt();
            } catch (InterruptedException started) {
                return;
            }
        });
        try {
            return builder.start();
        } finally {
            watch.interrupt();
            Thread.interrupted();
        }
    }

    /// Returns once neither the server nor the program that starts it is there (any more).
    private static void awaitEndOfStart(Path data) throws InterruptedException {
        for (int missing = 0, most = BEGIN_LOOKS; missing < most; ) {
            Thread.sleep(50);
            var there = Files.exists(data.resolve("postmaster.pid")) || isBeingStarted();
            missing = there ? 0 : missing + 1;
            most = there ? GONE_LOOKS : most;
        }
    }

    private static boolean isBeingStarted() {
        return ProcessHandle.current()
                .descendants()
                .anyMatch(process -> process.info().command().orElse("").endsWith("pg_ctl"));
    }

    /// A server that was killed leaves processes that end by themselves as soon as they notice; a second server beside
    /// them would spoil the data, so they are waited for, and made to end where they do not notice.
    private static void awaitOrphans(Path data) throws IOException {
        var folder = data.toAbsolutePath().normalize();
        for (int look = 0; look < ORPHANS_LOOKS; look++) {
            var orphans = ProcessHandle.allProcesses()
                    .filter(process -> worksIn(folder, process))
                    .toList();
            if (orphans.isEmpty()) {
                return;
            }
            if (look > ORPHANS_LOOKS / 2) {
                orphans.forEach(ProcessHandle::destroyForcibly);
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        throw new IOException("processes of an earlier PostgreSQL are still at work in " + data);
    }

    /// PostgreSQL works in its data folder; where the system does not say where a process works, nobody does.
    private static boolean worksIn(Path folder, ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .equals(folder);
        } catch (IOException gone) {
            return false;
        }
    }

    /// A machine that went down leaves the lock of a process that is no more; its number may be another's by now.
    private static void forgetStaleLock(Path data) throws IOException {
        var lock = data.resolve("postmaster.pid");
        if (!Files.exists(lock)) {
            return;
        }
        // A full disk may have left it empty.
        var owner = Files.size(lock) == 0
                ? Optional.<String>empty()
                : ProcessHandle.of(ownerOf(data)).flatMap(process -> process.info().command());
        if (owner.filter(command -> command.endsWith("postgres")).isEmpty()) {
            Files.delete(lock);
        }
    }

    private static long ownerOf(Path data) throws IOException {
        return Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public CompletableFuture<?> ended() {
        return ended;
    }

    public int port() {
        return postgres.getPort();
    }

    /// A connection as the superuser.
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), database), "postgres", password);
    }

    /// From now on nobody comes in without a password.
    public void demandPasswords(Path data) {
        var rules = data.resolve("pg_hba.conf");
        try (var connection = connect("postgres");
                var statement = connection.createStatement()) {
            if (Files.readString(rules).equals(PASSWORDS_ONLY)) {
                return;
            }
            statement.execute("alter role postgres password '" + password + "'");
            Files.writeString(rules, PASSWORDS_ONLY);
            statement.execute("select pg_reload_conf()");
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (SQLException cause) {
            throw new IllegalStateException("PostgreSQL does not take its password", cause);
        }
    }

    @Override
    public void stop(Duration grace) {
        try {
            postgres.close();
            ended.get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | TimeoutException | ExecutionException stubborn) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Guard.instance().forget(pid);
    }
}
