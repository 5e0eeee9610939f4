package dev.gyre.ingest.upload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.ingest.sample.Utf8;
import dev.gyre.ingest.source.Mapping;
import dev.gyre.ingest.upload.Row.Readable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// Parquet: the columns of the mapping only, one row group in memory at a time.
final class ParquetRows implements Rows {

    private final String name;
    private final ParquetFileReader file;
    private final MessageType schema;
    private @Nullable RecordReader<Group> group;
    private long left;
    private long number;

    ParquetRows(Path path, String name, Mapping mapping) throws IOException {
        this.name = name;
        file = open(path, name);
        try {
            var all = file.getFooter().getFileMetaData().getSchema();
            Columns.require(name, all.getFields().stream().map(Type::getName).toList(), mapping);
            schema = new MessageType(
                    all.getName(), mapping.columns().stream().map(all::getType).toList());
            file.setRequestedSchema(schema);
        } catch (RuntimeException refused) {
            file.close();
            throw refused;
        }
    }

    /// The library says by any exception that a footer is not one.
    private static ParquetFileReader open(Path path, String name) {
        try {
            var options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                    .withCodecFactory(new ParquetCodecs())
                    .build();
            return ParquetFileReader.open(new LocalInputFile(path), options);
        } catch (IOException | RuntimeException broken) {
            throw new WrongFile(
                    name,
                    "is not parquet: its end holds no readable footer (%s)".formatted(broken.getMessage()),
                    "it may have been cut off on its way; send it whole");
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
            return new Readable(
                    number, columns(java.util.Objects.requireNonNull(group).read()));
        } catch (IOException | RuntimeException broken) {
            throw new WrongFile(
                    name,
                    "breaks after row %d (%s)".formatted(number, broken.getMessage()),
                    "it may have been damaged on its way; write and send it again");
        }
    }

    private static JsonNode columns(Group row) {
        var columns = JsonNodeFactory.instance.objectNode();
        var fields = row.getType().getFields();
        for (var at = 0; at < fields.size(); at++) {
            columns.set(fields.get(at).getName(), value(row, at, fields.get(at)));
        }
        return columns;
    }

    private static JsonNode value(Group row, int at, Type type) {
        if (type.isRepetition(Type.Repetition.REPEATED)) {
            var all = JsonNodeFactory.instance.arrayNode();
            for (var index = 0; index < row.getFieldRepetitionCount(at); index++) {
                all.add(one(row, at, index, type));
            }
            return all;
        }
        return row.getFieldRepetitionCount(at) == 0 ? JsonNodeFactory.instance.nullNode() : one(row, at, 0, type);
    }

    private static JsonNode one(Group row, int at, int index, Type type) {
        var nodes = JsonNodeFactory.instance;
        if (!type.isPrimitive()) {
            var inner = row.getGroup(at, index);
            return LogicalTypeAnnotation.listType().equals(type.getLogicalTypeAnnotation())
                    ? elements(inner)
                    : columns(inner);
        }
        return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
            case BOOLEAN -> nodes.booleanNode(row.getBoolean(at, index));
            case INT32 -> nodes.numberNode(row.getInteger(at, index));
            case INT64 -> nodes.numberNode(row.getLong(at, index));
            case FLOAT -> nodes.numberNode(row.getFloat(at, index));
            case DOUBLE -> nodes.numberNode(row.getDouble(at, index));
            case BINARY -> nodes.textNode(Utf8.decode(row.getBinary(at, index).toByteBuffer()));
            case INT96, FIXED_LEN_BYTE_ARRAY -> nodes.arrayNode();
        };
    }

    /// A list is a repeated group of one element, as Parquet's three levels have it.
    private static JsonNode elements(Group list) {
        var elements = JsonNodeFactory.instance.arrayNode();
        var repeated = list.getType().getType(0);
        for (var index = 0; index < list.getFieldRepetitionCount(0); index++) {
            elements.add(
                    repeated.isPrimitive()
                            ? one(list, 0, index, repeated)
                            : value(list.getGroup(0, index), 0, repeated.asGroupType().getType(0)));
        }
        return elements;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
