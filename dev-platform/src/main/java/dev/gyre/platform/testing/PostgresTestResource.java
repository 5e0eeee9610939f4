package dev.gyre.platform.testing;

import dev.gyre.platform.process.Ports;
import dev.gyre.platform.server.PostgresServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/// A fresh database for each test application, on one PostgreSQL for the whole test JVM.
///
/// The init argument `schema` names the schema that the JDBC URL opens; `gyre` otherwise.
public final class PostgresTestResource implements QuarkusTestResourceLifecycleManager {

    private String schema = "gyre";

    @Override
    public void init(Map<String, String> arguments) {
        schema = arguments.getOrDefault("schema", schema);
    }

    @Override
    public Map<String, String> start() {
        int port = Integer.parseInt(SharedServer.POSTGRES.address(PostgresTestResource::startServer));
        var database = "test_" + SharedServer.next();
        create(port, database);
        return Map.of(
                "quarkus.datasource.devservices.enabled",
                "false",
                "quarkus.datasource.jdbc.url",
                url(port, database) + "?currentSchema=" + schema,
                "quarkus.datasource.username",
                "postgres",
                "quarkus.datasource.password",
                "postgres");
    }

    private void create(int port, String database) {
        try {
            execute(url(port, "postgres"), "create database " + database);
            execute(url(port, database), "create schema \"" + schema + "\"");
        } catch (SQLException cause) {
            throw new IllegalStateException("cannot create database " + database, cause);
        }
    }

    private static void execute(String url, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(url, "postgres", "postgres");
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    private static String startServer() {
        var folder = SharedServer.scratch("postgres");
        var server = PostgresServer.start(
                folder.resolve("data"),
                Ports.free(),
                "postgres",
                Map.of(
                        "fsync",
                        "off",
                        "synchronous_commit",
                        "off",
                        "full_page_writes",
                        "off",
                        "max_connections",
                        "200"),
                folder.resolve("log"));
        SharedServer.atExit(server, folder);
        return Integer.toString(server.port());
    }

    /// The server stays for the next application; it stops with the test JVM.
    @Override
    public void stop() {}
}
