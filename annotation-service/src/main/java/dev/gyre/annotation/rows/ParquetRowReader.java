package dev.gyre.annotation.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// Parquet, one row group in memory at a time.
final class ParquetRowReader implements RowReader {

    private final ParquetFileReader file;
    private final MessageType schema;
    private @Nullable RecordReader<Group> group;
    private long left;
    private long number;

    ParquetRowReader(Path path) throws IOException {
        file = open(path);
        schema = file.getFooter().getFileMetaData().getSchema();
    }

    /// The library says by any exception that a footer is not one.
    private static ParquetFileReader open(Path path) {
        try {
            var options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                    .withCodecFactory(new GzipCodecs())
                    .build();
            return ParquetFileReader.open(new LocalInputFile(path), options);
        } catch (IOException | RuntimeException broken) {
            throw new BrokenFile(
                    "the file is no Parquet, its end holds no readable footer: " + broken.getMessage(), broken);
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        try {
            while (left == 0) {
                var pages = file.readNextRowGroup();
                if (pages == null) {
                    return null;
                }
                left = pages.getRowCount();
                group = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(pages, new GroupRecordConverter(schema));
            }
            left--;
            number++;
            return new Readable(number, object(Objects.requireNonNull(group).read(), schema));
        } catch (IOException | RuntimeException broken) {
            throw new BrokenFile("the file breaks after row %d: %s".formatted(number, broken.getMessage()), broken);
        }
    }

    private static ObjectNode object(Group row, GroupType type) {
        var object = JsonNodeFactory.instance.objectNode();
        for (int at = 0; at < type.getFieldCount(); at++) {
            if (row.getFieldRepetitionCount(at) > 0) {
                object.set(type.getFieldName(at), field(row, type.getType(at), at));
            }
        }
        return object;
    }

    private static JsonNode field(Group row, Type type, int at) {
        if (type.isRepetition(Type.Repetition.REPEATED)) {
            var values = JsonNodeFactory.instance.arrayNode();
            for (int place = 0; place < row.getFieldRepetitionCount(at); place++) {
                values.add(value(row, type, at, place));
            }
            return values;
        }
        return value(row, type, at, 0);
    }

    private static JsonNode value(Group row, Type type, int at, int place) {
        var nodes = JsonNodeFactory.instance;
        if (!type.isPrimitive()) {
            var inner = row.getGroup(at, place);
            return type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation
                    ? list(inner, type.asGroupType())
                    : object(inner, type.asGroupType());
        }
        return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
            case BOOLEAN -> nodes.booleanNode(row.getBoolean(at, place));
            case INT32 -> nodes.numberNode(row.getInteger(at, place));
            case INT64 -> nodes.numberNode(row.getLong(at, place));
            case FLOAT -> nodes.numberNode(row.getFloat(at, place));
            case DOUBLE -> nodes.numberNode(row.getDouble(at, place));
            case BINARY -> nodes.textNode(row.getBinary(at, place).toStringUsingUTF8());
            case INT96, FIXED_LEN_BYTE_ARRAY -> nodes.nullNode();
        };
    }

    /// Lists in three levels, and in two as older writers have them.
    private static ArrayNode list(Group list, GroupType type) {
        var values = JsonNodeFactory.instance.arrayNode();
        var repeated = type.getType(0);
        for (int place = 0; place < list.getFieldRepetitionCount(0); place++) {
            if (repeated.isPrimitive() || repeated.asGroupType().getFieldCount() > 1) {
                values.add(value(list, repeated, 0, place));
            } else {
                var element = list.getGroup(0, place);
                values.add(
                        element.getFieldRepetitionCount(0) == 0
                                ? JsonNodeFactory.instance.nullNode()
                                : value(element, repeated.asGroupType().getType(0), 0, 0));
            }
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
