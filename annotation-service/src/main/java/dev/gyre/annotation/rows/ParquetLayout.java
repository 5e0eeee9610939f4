package dev.gyre.annotation.rows;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/// Columns as Parquet has them, lists in three levels as its format wants them.
final class ParquetLayout extends WriteSupport<ObjectNode> {

    private static final List<String> MESSAGE = List.of("role", "content");

    private final List<Column> columns;
    private final MessageType schema;
    private @Nullable RecordConsumer consumer;

    ParquetLayout(List<Column> columns) {
        this.columns = columns;
        this.schema = new MessageType(
                "row", columns.stream().map(ParquetLayout::type).toList());
    }

    private static Type type(Column column) {
        return switch (column.kind()) {
            case TEXT -> Types.optional(BINARY).as(stringType()).named(column.name());
            case INTEGER -> Types.optional(INT64).named(column.name());
            case NUMBER -> Types.optional(DOUBLE).named(column.name());
            case TRUTH -> Types.optional(BOOLEAN).named(column.name());
            case TEXTS ->
                Types.optionalList()
                        .optionalElement(BINARY)
                        .as(stringType())
                        .named(column.name());
            case MESSAGES ->
                Types.optionalList()
                        .optionalGroupElement()
                        .optional(BINARY)
                        .as(stringType())
                        .named(MESSAGE.getFirst())
                        .optional(BINARY)
                        .as(stringType())
                        .named(MESSAGE.getLast())
                        .named(column.name());
        };
    }

    @Override
    public WriteContext init(Configuration configuration) {
        return new WriteContext(schema, Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer prepared) {
        consumer = prepared;
    }

    @Override
    public void write(ObjectNode row) {
        var out = Objects.requireNonNull(consumer);
        out.startMessage();
        for (int at = 0; at < columns.size(); at++) {
            var column = columns.get(at);
            var value = row.path(column.name());
            if (!value.isMissingNode() && !value.isNull()) {
                out.startField(column.name(), at);
                write(out, column.kind(), value);
                out.endField(column.name(), at);
            }
        }
        out.endMessage();
    }

    private static void write(RecordConsumer out, Column.Kind kind, JsonNode value) {
        switch (kind) {
            case TEXT -> text(out, value);
            case INTEGER -> out.addLong(value.asLong());
            case NUMBER -> out.addDouble(value.asDouble());
            case TRUTH -> out.addBoolean(value.asBoolean());
            case TEXTS -> list(out, value, text -> text(out, text));
            case MESSAGES -> list(out, value, message -> message(out, message));
        }
    }

    private static void text(RecordConsumer out, JsonNode value) {
        out.addBinary(Binary.fromString(value.isTextual() ? value.textValue() : value.toString()));
    }

    private static void list(RecordConsumer out, JsonNode values, Consumer<JsonNode> element) {
        out.startGroup();
        if (!values.isEmpty()) {
            out.startField("list", 0);
            for (var value : values) {
                out.startGroup();
                if (!value.isNull()) {
                    out.startField("element", 0);
                    element.accept(value);
                    out.endField("element", 0);
                }
                out.endGroup();
            }
            out.endField("list", 0);
        }
        out.endGroup();
    }

    private static void message(RecordConsumer out, JsonNode message) {
        out.startGroup();
        for (int at = 0; at < MESSAGE.size(); at++) {
            var field = message.path(MESSAGE.get(at));
            if (field.isTextual()) {
                out.startField(MESSAGE.get(at), at);
                text(out, field);
                out.endField(MESSAGE.get(at), at);
            }
        }
        out.endGroup();
    }
}
