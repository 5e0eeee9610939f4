package dev.gyre.llm.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gyre.llm.program.ProgramLinker;
import dev.gyre.llm.program.ProgramRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A tensor program with the values of its fields inside, as one archive that any libtorch loads.
public final class TorchScriptArchive {

    private static final int PART = 1 << 20;

    private TorchScriptArchive() {}

    /// Writes an entry program; a tensor that stands in several fields is stored once and stays one when it is loaded.
    ///
    /// @param fields in the program's order: `Weights`, `NDArray`, lists of these, `long[]`, `double[]` or `Double`
    public static void write(
            ProgramRunner runner,
            String entry,
            Map<String, String> slots,
            SequencedMap<String, Object> fields,
            Path file) {
        var object = Pickle.object(fields);
        var texts = ProgramLinker.files(entry, slots);
        texts.put("m/data.pkl", object.bytes());
        texts.put("m/byteorder", "little".getBytes(UTF_8));
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (var text : texts.entrySet()) {
                put(zip, text.getKey(), ByteBuffer.wrap(text.getValue()));
            }
            for (int number = 0; number < object.tensors().size(); number++) {
                var tensor = object.tensors().get(number);
                var bytes = runner.bytes(tensor, Pickle.type(tensor).kind());
                put(zip, "m/data/%d".formatted(number), bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(file), e);
        }
    }

    private static void put(ZipOutputStream zip, String name, ByteBuffer bytes) throws IOException {
        var crc = new CRC32();
        crc.update(bytes.duplicate());
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.remaining());
        entry.setCrc(crc.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        var part = new byte[PART];
        while (bytes.hasRemaining()) {
            int length = Math.min(part.length, bytes.remaining());
            bytes.get(part, 0, length);
            zip.write(part, 0, length);
        }
        zip.closeEntry();
    }
}
