package dev.gyre.platform;

import dev.gyre.platform.server.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/// One database; in it, for each service, a role and a schema that no other role may enter.
final class Schemas {

    private Schemas() {}

    static void prepare(PostgresServer server, String database, Collection<String> services, Secrets secrets) {
        try {
            try (var connection = server.connect("postgres")) {
                if (!exists(connection, "select 1 from pg_database where datname = ?", database)) {
                    execute(connection, "create database " + database);
                }
            }
            try (var connection = server.connect(database)) {
                execute(connection, "revoke all on database " + database + " from public");
                for (var service : services) {
                    prepare(connection, database, service, secrets.secret("database:" + service));
                }
            }
        } catch (SQLException cause) {
            throw new IllegalStateException("cannot prepare the schemas of the services: " + cause.getMessage(), cause);
        }
    }

    private static void prepare(Connection connection, String database, String service, String password)
            throws SQLException {
        if (!exists(connection, "select 1 from pg_roles where rolname = ?", service)) {
            execute(connection, "create role " + service + " login");
        }
        execute(connection, "alter role " + service + " password '" + password + "'");
        execute(connection, "grant connect on database " + database + " to " + service);
        execute(connection, "create schema if not exists " + service + " authorization " + service);
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (var result = statement.executeQuery()) {
                return result.next();
            }
        }
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
