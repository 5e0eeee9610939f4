package dev.gyre.ingest.upload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageTypeParser;

/// Writes small Parquet files.
final class ParquetFiles {

    private ParquetFiles() {}

    /// @param rows values by column; a missing one is null in the file
    static void write(Path file, CompressionCodecName codec, List<Map<String, Object>> rows) throws IOException {
        var schema = MessageTypeParser.parseMessageType(
                "message row { optional int64 id; optional binary q (STRING); optional binary a; optional binary b (STRING); optional boolean flag; }");
        try (var writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(schema)
                .withCompressionCodec(codec)
                .withCodecFactory(new Codecs())
                .build()) {
            for (var row : rows) {
                var group = new SimpleGroup(schema);
                row.forEach((column, value) -> {
                    switch (value) {
                        case Long number -> group.append(column, number);
                        case Boolean flag -> group.append(column, flag);
                        case byte[] bytes ->
                            group.append(column, org.apache.parquet.io.api.Binary.fromConstantByteArray(bytes));
                        default -> group.append(column, value.toString());
                    }
                });
                writer.write(group);
            }
        }
    }

    /// One row with a list of turns, in three levels as Arrow writes it.
    static void writeConversation(Path file, List<Map<String, String>> turns) throws IOException {
        var schema = MessageTypeParser.parseMessageType(
                "message row { optional group messages (LIST) { repeated group list { optional group element { optional binary role (STRING); optional binary content (STRING); } } } }");
        try (var writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(schema)
                .withCodecFactory(new Codecs())
                .build()) {
            var row = new SimpleGroup(schema);
            var list = row.addGroup("messages");
            for (var turn : turns) {
                var element = list.addGroup("list").addGroup("element");
                turn.forEach(element::append);
            }
            writer.write(row);
        }
    }

    /// Gzip by the JDK, because Hadoop's is not there.
    private static final class Codecs implements CompressionCodecFactory {

        private final CodecFactory others = new CodecFactory(new PlainParquetConfiguration(), 1 << 20);

        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            return codec == CompressionCodecName.GZIP ? new Gzip() : others.getCompressor(codec);
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            return others.getDecompressor(codec);
        }

        @Override
        public void release() {
            others.release();
        }
    }

    private static final class Gzip implements CompressionCodecFactory.BytesInputCompressor {

        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            var out = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(out)) {
                bytes.writeAllTo(gzip);
            }
            return BytesInput.from(out.toByteArray());
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.GZIP;
        }

        @Override
        public void release() {}
    }
}
