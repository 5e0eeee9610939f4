package dev.gyre.annotation.rows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/// Parquet's codecs without Hadoop: gzip by the JDK, the others by parquet-hadoop's own code.
final class GzipCodecs implements CompressionCodecFactory {

    private final CodecFactory others = new CodecFactory(new PlainParquetConfiguration(), 1 << 20);

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return codec == CompressionCodecName.GZIP ? new Unpacked() : others.getDecompressor(codec);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return codec == CompressionCodecName.GZIP ? new Packed() : others.getCompressor(codec);
    }

    @Override
    public void release() {
        others.release();
    }

    private static final class Packed implements BytesInputCompressor {

        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            var packed = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(packed)) {
                bytes.writeAllTo(out);
            }
            return BytesInput.from(packed.toByteArray());
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.GZIP;
        }

        @Override
        public void release() {}
    }

    private static final class Unpacked implements BytesInputDecompressor {

        @Override
        public BytesInput decompress(BytesInput bytes, int uncompressedSize) throws IOException {
            try (var in = new GZIPInputStream(bytes.toInputStream())) {
                return BytesInput.from(in.readNBytes(uncompressedSize));
            }
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int uncompressedSize)
                throws IOException {
            var whole = input.slice(input.position(), compressedSize);
            output.put(decompress(BytesInput.from(whole), uncompressedSize).toByteArray());
        }

        @Override
        public void release() {}
    }
}
