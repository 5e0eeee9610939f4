package dev.gyre.annotation.rows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/// Rows as Parquet; only one row group is in memory.
final class ParquetRowWriter implements RowWriter {

    private static final long GROUP_BYTES = 16L << 20;
    private static final int PAGE_BYTES = 1 << 18;
    private static final int BUFFER = 1 << 16;

    private final ParquetWriter<ObjectNode> writer;

    ParquetRowWriter(OutputStream out, List<Column> columns) throws IOException {
        writer = new Builder(new Target(out), new ParquetLayout(columns))
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new GzipCodecs())
                .withCompressionCodec(CompressionCodecName.GZIP)
                .withRowGroupSize(GROUP_BYTES)
                .withPageSize(PAGE_BYTES)
                .withDictionaryEncoding(false)
                .build();
    }

    @Override
    public void write(ObjectNode row) throws IOException {
        writer.write(row);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static final class Builder extends ParquetWriter.Builder<ObjectNode, Builder> {

        private final ParquetLayout layout;

        Builder(OutputFile file, ParquetLayout layout) {
            super(file);
            this.layout = layout;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<ObjectNode> getWriteSupport(Configuration configuration) {
            return layout;
        }

        @Override
        protected WriteSupport<ObjectNode> getWriteSupport(ParquetConfiguration configuration) {
            return layout;
        }
    }

    /// A stream that is written from its beginning to its end.
    private record Target(OutputStream out) implements OutputFile {

        @Override
        public PositionOutputStream create(long blockSize) {
            return new Counted(new BufferedOutputStream(out, BUFFER));
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return create(blockSize);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return GROUP_BYTES;
        }
    }

    private static final class Counted extends PositionOutputStream {

        private final OutputStream out;
        private long position;

        Counted(OutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
            position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            position += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
