package dev.gyre.platform.server;

import dev.gyre.platform.process.Guard;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/// PostgreSQL on 127.0.0.1; it works as root too.
public final class PostgresServer implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final long pid;

    private PostgresServer(EmbeddedPostgres postgres, long pid) {
        this.postgres = postgres;
        this.pid = pid;
    }

    /// Starts on a data folder, which is made if it is not there and stays when the server stops.
    public static PostgresServer start(Path data, int port, Map<String, String> settings, Path log) {
        try {
            Files.createDirectories(log.getParent());
            var output = Redirect.appendTo(log.toFile());
            var builder = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPort(port)
                    .setPGStartupWait(Duration.ofMinutes(2))
                    .setOutputRedirector(output)
                    .setErrorRedirector(output);
            settings.forEach(builder::setServerConfig);
            var postgres = builder.start();
            long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid"))
                    .getFirst()
                    .strip());
            Guard.instance().watch(pid, "INT");
            return new PostgresServer(postgres, pid);
        } catch (IOException cause) {
            throw new UncheckedIOException("PostgreSQL did not start on port " + port + "; see " + log, cause);
        }
    }

    public long pid() {
        return pid;
    }

    public int port() {
        return postgres.getPort();
    }

    public String url(String database, String schema) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?currentSchema=%s".formatted(port(), database, schema);
    }

    /// A connection as the superuser.
    public Connection connect(String database) throws SQLException {
        return postgres.getDatabase("postgres", database).getConnection();
    }

    @Override
    public void close() {
        try {
            postgres.close();
            postgres.getProcess().waitFor();
            Guard.instance().forget(pid);
        } catch (IOException cause) {
            throw new UncheckedIOException("PostgreSQL did not stop", cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
