package dev.gyre.llm.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Links tensor programs into the archive that any libtorch loads: a zip of stored files, one per program.
///
/// A program `p` is reached by the others as `__torch__.p`. A *slot* is such a name that several
/// programs can fill:
/// `linear` by `linear`, `lora` or another adapter, `penalty` by `no_penalty` or `orthogonality`, `likelihood` by
/// itself, `labels`, `rewards` or `head`, `objective` by `supervised` or `preference`, `optimizer` by `adamw` or `lion`, `decoder`
/// by `llama`, `gemma` or `gpt2`. A slot that nobody fills has its plainest filling.
public final class ProgramLinker {

    private static final List<String> PARTS = List.of(
            "rms_norm",
            "rope",
            "attention",
            "swiglu",
            "layer_norm",
            "two_way_attention",
            "bert",
            "masked",
            "head",
            "clip",
            "sampling",
            "affine",
            "embedding",
            "prompt",
            "prefix",
            "tokens",
            "divergence",
            "pair_metrics",
            "judged_metrics",
            "clipped",
            "gae",
            "jensen_shannon",
            "merging");

    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            entry("decoder", "llama"),
            entry("linear", "linear"),
            entry("penalty", "no_penalty"),
            entry("likelihood", "likelihood"),
            entry("objective", "supervised"),
            entry("first", "pair_sigmoid"),
            entry("second", "pair_sigmoid"),
            entry("third", "pair_sigmoid"),
            entry("surrogate", "surrogate_clip"),
            entry("aggregation", "per_token"),
            entry("optimizer", "adamw"));

    /// Protocol-2 pickle of an object of class `__torch__.M` with its two obligatory fields.
    private static final byte[] OBJECT = pickledObject();

    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 0x02, 0x29, 0x2e};

    private ProgramLinker() {}

    /// Links an entry program (the class `M`) with all parts and the chosen fillings of its slots.
    public static byte[] link(String entry, Map<String, String> slots) {
        return linkSource(source(entry), slots);
    }

    /// Links an entry program that is given as text.
    public static byte[] linkSource(String entry, Map<String, String> slots) {
        var files = filesOf(entry, slots);
        files.put("m/data.pkl", OBJECT);
        return zip(files);
    }

    /// The files of an archive by path, all but `m/data.pkl`, the object itself.
    public static Map<String, byte[]> files(String entry, Map<String, String> slots) {
        return filesOf(source(entry), slots);
    }

    private static Map<String, byte[]> filesOf(String entry, Map<String, String> slots) {
        var files = new TreeMap<String, byte[]>();
        files.put("m/version", "10\n".getBytes(UTF_8));
        files.put("m/constants.pkl", NO_CONSTANTS);
        files.put("m/code/__torch__.py", entry.getBytes(UTF_8));
        PARTS.forEach(part ->
                files.put("m/code/__torch__/%s.py".formatted(part), source(part).getBytes(UTF_8)));
        var filled = new TreeMap<>(DEFAULTS);
        filled.putAll(slots);
        filled.forEach((slot, program) -> files.put(
                "m/code/__torch__/%s.py".formatted(slot), source(program).getBytes(UTF_8)));
        return files;
    }

    private static String source(String program) {
        var name = program + ".torchscript";
        try (InputStream in = ProgramLinker.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no tensor program " + name);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] zip(Map<String, byte[]> files) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(stored(file.getKey(), file.getValue()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static ZipEntry stored(String name, byte[] content) {
        var crc = new CRC32();
        crc.update(content);
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        entry.setTime(0);
        return entry;
    }

    private static byte[] pickledObject() {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 2});
        out.writeBytes("c__torch__\nM\n".getBytes(UTF_8));
        out.writeBytes(new byte[] {'q', 0, ')', (byte) 0x81, '}', '('});
        pickle(out, "training", (byte) 0x88);
        pickle(out, "_is_full_backward_hook", (byte) 'N');
        out.writeBytes("ub.".getBytes(UTF_8));
        return out.toByteArray();
    }

    private static void pickle(ByteArrayOutputStream out, String key, byte value) {
        out.writeBytes(new byte[] {'X', (byte) key.length(), 0, 0, 0});
        out.writeBytes(key.getBytes(UTF_8));
        out.write(value);
    }
}
