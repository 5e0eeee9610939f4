package dev.gyre.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.sql.Types;
import java.util.Arrays;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.mapper.ColumnMapperFactory;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.RowMapperFactory;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.jackson2.Jackson2Config;
import org.jdbi.v3.jackson2.Jackson2Plugin;
import org.jdbi.v3.postgres.PostgresPlugin;

/// SQL by hand over records: a row becomes any record by the names of its columns, and a record of `dev.gyre.events`
/// (such as an artifact reference) is a `jsonb` column.
class SqlConfig {

    @Produces
    @ApplicationScoped
    Jdbi jdbi(DataSource dataSource) {
        var jdbi = Jdbi.create(dataSource)
                .installPlugin(new PostgresPlugin())
                .installPlugin(new Jackson2Plugin())
                .registerArrayType(String.class, "text")
                .registerRowMapper(new RecordRows())
                .registerColumnMapper(new EventColumns())
                .registerArgument(new EventArguments());
        jdbi.getConfig(Jackson2Config.class).setMapper(FactJson.MAPPER);
        return jdbi;
    }

    private static boolean isEvent(Type type) {
        return type instanceof Class<?> candidate
                && candidate.isRecord()
                && candidate.getPackageName().equals("dev.gyre.events");
    }

    private static final class RecordRows implements RowMapperFactory {

        @Override
        public Optional<RowMapper<?>> build(Type type, ConfigRegistry config) {
            return type instanceof Class<?> candidate && candidate.isRecord() && !isEvent(type)
                    ? Optional.of(ConstructorMapper.of(canonical(candidate)))
                    : Optional.empty();
        }
    }

    /// The record's own constructor, opened because records of a feature are private to it.
    private static Constructor<?> canonical(Class<?> type) {
        try {
            var constructor = type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("%s has no canonical constructor".formatted(type), impossible);
        }
    }

    private static final class EventColumns implements ColumnMapperFactory {

        @Override
        public Optional<ColumnMapper<?>> build(Type type, ConfigRegistry config) {
            return type instanceof Class<?> event && isEvent(type)
                    ? Optional.of((row, column, context) -> {
                        var json = row.getString(column);
                        try {
                            return json == null ? null : FactJson.MAPPER.readValue(json, event);
                        } catch (JsonProcessingException broken) {
                            throw new UncheckedIOException(broken);
                        }
                    })
                    : Optional.empty();
        }
    }

    private static final class EventArguments implements ArgumentFactory {

        @Override
        public Optional<Argument> build(Type type, Object value, ConfigRegistry config) {
            if (!isEvent(type)) {
                return Optional.empty();
            }
            return Optional.of((position, statement, context) -> {
                try {
                    statement.setObject(
                            position, value == null ? null : FactJson.MAPPER.writeValueAsString(value), Types.OTHER);
                } catch (JsonProcessingException broken) {
                    throw new UncheckedIOException(broken);
                }
            });
        }
    }
}
