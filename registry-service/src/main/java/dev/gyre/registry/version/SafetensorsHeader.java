package dev.gyre.registry.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The table of contents of a safetensors file: it must describe every byte of the file exactly once.
final class SafetensorsHeader {

    private static final int LONGEST = 100_000_000;
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("BOOL", 8),
            Map.entry("U8", 8),
            Map.entry("I8", 8),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E5M2", 8),
            Map.entry("U16", 16),
            Map.entry("I16", 16),
            Map.entry("F16", 16),
            Map.entry("BF16", 16),
            Map.entry("U32", 32),
            Map.entry("I32", 32),
            Map.entry("F32", 32),
            Map.entry("U64", 64),
            Map.entry("I64", 64),
            Map.entry("F64", 64));
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private SafetensorsHeader() {}

    private record Extent(String tensor, long begin, long end) {}

    /// @throws IllegalArgumentException naming the file and the tensor, and what is wrong
    static void check(String path, Path file) throws IOException {
        var header = read(path, file);
        var extents = new ArrayList<Extent>();
        for (var entry : header.content().properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                extents.add(extent(path, entry.getKey(), entry.getValue()));
            }
        }
        if (extents.isEmpty()) {
            throw new IllegalArgumentException("file '%s' holds no tensor".formatted(path));
        }
        requireSeamless(path, extents, header.data());
    }

    /// @param data bytes after the header
    private record Header(JsonNode content, long data) {}

    private static Header read(String path, Path file) throws IOException {
        var size = Files.size(file);
        try (var in = Files.newInputStream(file)) {
            var prefix = in.readNBytes(8);
            var length = prefix.length < 8
                    ? -1
                    : ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (length < 2 || length > LONGEST || length > size - 8) {
                throw new IllegalArgumentException(
                        "file '%s' is no safetensors file: its first 8 bytes promise a header of %d bytes, the file has %d"
                                .formatted(path, length, size));
            }
            var content = JSON.readTree(in.readNBytes((int) length));
            if (!content.isObject()) {
                throw new IllegalArgumentException(
                        "file '%s': the safetensors header is no JSON object".formatted(path));
            }
            return new Header(content, size - 8 - length);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(
                    "file '%s': the safetensors header is not JSON: %s".formatted(path, broken.getOriginalMessage()),
                    broken);
        }
    }

    private static Extent extent(String path, String tensor, JsonNode entry) {
        var type = entry.path("dtype").asText();
        var bits = BITS.get(type);
        var offsets = entry.path("data_offsets");
        if (bits == null || !entry.path("shape").isArray() || offsets.size() != 2) {
            throw new IllegalArgumentException(
                    "file '%s', tensor '%s': dtype '%s', shape %s and data_offsets %s must be known"
                            .formatted(path, tensor, type, entry.path("shape"), offsets));
        }
        var begin = offsets.path(0).asLong(-1);
        var end = offsets.path(1).asLong(-1);
        var wanted = bytes(path, tensor, entry.path("shape"), bits / 8);
        if (begin < 0 || end - begin != wanted) {
            throw new IllegalArgumentException(
                    "file '%s', tensor '%s': %s of shape %s is %d bytes, data_offsets %s hold %d"
                            .formatted(path, tensor, type, entry.path("shape"), wanted, offsets, end - begin));
        }
        return new Extent(tensor, begin, end);
    }

    private static long bytes(String path, String tensor, JsonNode shape, int width) {
        try {
            var bytes = (long) width;
            for (var dimension : shape) {
                if (!dimension.canConvertToLong() || dimension.asLong() < 0) {
                    throw new ArithmeticException("dimension " + dimension);
                }
                bytes = Math.multiplyExact(bytes, dimension.asLong());
            }
            return bytes;
        } catch (ArithmeticException impossible) {
            throw new IllegalArgumentException(
                    "file '%s', tensor '%s': shape %s is impossible".formatted(path, tensor, shape), impossible);
        }
    }

    private static void requireSeamless(String path, List<Extent> extents, long data) {
        extents.sort(Comparator.comparingLong(Extent::begin).thenComparingLong(Extent::end));
        var position = 0L;
        for (var extent : extents) {
            if (extent.begin() != position) {
                throw new IllegalArgumentException("file '%s', tensor '%s': begins at byte %d, must begin at %d"
                        .formatted(path, extent.tensor(), extent.begin(), position));
            }
            position = extent.end();
        }
        if (position != data) {
            throw new IllegalArgumentException(
                    "file '%s': its header describes %d bytes of tensors, the file has %d; it is cut short or too long"
                            .formatted(path, position, data));
        }
    }
}
