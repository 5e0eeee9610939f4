package dev.gyre.llm.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Links tensor programs into the archive that any libtorch loads: a zip of stored files, one per program.
///
/// A program `p` is reached by the others as `__torch__.p`. A *slot* is such a name that several
/// programs can fill:
/// `linear` by `linear`, `lora` or another adapter, `penalty` by `no_penalty` or `orthogonality`, `likelihood` by
/// itself, `labels`, `rewards` or `head`, `objective` by `supervised` or `preference`, `backward` by itself or
/// `recomputing`, `optimizer` by `adamw` or `lion`, `decoder` by `llama`, `gemma` or `gpt2`. A slot that nobody fills has its plainest filling.
public final class ProgramLinker {

    static final List<String> PARTS = List.of(
            "rms_norm",
            "rope",
            "attention",
            "layers",
            "batch",
            "swiglu",
            "layer_norm",
            "two_way_attention",
            "bert",
            "masked",
            "head",
            "clip",
            "descent",
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

    static final Map<String, String> DEFAULTS = Map.ofEntries(
            entry("decoder", "llama"),
            entry("linear", "linear"),
            entry("penalty", "no_penalty"),
            entry("likelihood", "likelihood"),
            entry("objective", "supervised"),
            entry("backward", "backward"),
            entry("first", "pair_sigmoid"),
            entry("second", "pair_sigmoid"),
            entry("third", "pair_sigmoid"),
            entry("surrogate", "surrogate_clip"),
            entry("aggregation", "per_token"),
            entry("optimizer", "adamw"));

    /// Where a program lies in the archive, which its messages name too.
    private static final String CODE = "code/__torch__%s.py";

    /// Protocol-2 pickle of an object of class `__torch__.M` with its two obligatory fields.
    private static final byte[] OBJECT = pickledObject();

    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 0x02, 0x29, 0x2e};

    private ProgramLinker() {}

    /// A program with all that it calls.
    ///
    /// @param functions of the entry program by name, which Java can call
    /// @param archive as any libtorch loads it
    /// @param origins the program file that stands at each path of the archive
    record Linked(String name, Map<String, Signature> functions, byte[] archive, Map<String, String> origins) {}

    /// Links an entry program (the class `M`) with all parts and the chosen fillings of its slots.
    static Linked link(String entry, Map<String, String> slots) {
        var functions = Programs.ENTRIES.get(entry);
        if (functions == null) {
            throw new IllegalArgumentException("%s is no entry program, must be one of %s"
                    .formatted(
                            entry, Programs.ENTRIES.keySet().stream().sorted().toList()));
        }
        return linked(entry, source(entry), functions, slots);
    }

    /// Links an entry program that is given as text.
    ///
    /// @param name for messages
    static Linked linkText(String name, String entry, Map<String, String> slots) {
        return linked(name, entry, Signature.all(entry), slots);
    }

    private static Linked linked(String name, String text, List<Signature> functions, Map<String, String> slots) {
        var files = filesOf(text, slots);
        files.put("m/data.pkl", OBJECT);
        var origins = new HashMap<String, String>();
        filled(slots).forEach((slot, program) -> origins.put(CODE.formatted("/" + slot), program));
        PARTS.forEach(part -> origins.put(CODE.formatted("/" + part), part));
        origins.put(CODE.formatted(""), name);
        return new Linked(
                name,
                functions.stream().collect(Collectors.toMap(Signature::name, Function.identity())),
                zip(files),
                origins);
    }

    /// The files of an archive by path, all but `m/data.pkl`, the object itself.
    public static Map<String, byte[]> files(String entry, Map<String, String> slots) {
        return filesOf(source(entry), slots);
    }

    private static Map<String, byte[]> filesOf(String entry, Map<String, String> slots) {
        var files = new TreeMap<String, byte[]>();
        files.put("m/version", "10\n".getBytes(UTF_8));
        files.put("m/constants.pkl", NO_CONSTANTS);
        files.put("m/" + CODE.formatted(""), entry.getBytes(UTF_8));
        PARTS.forEach(part ->
                files.put("m/" + CODE.formatted("/" + part), source(part).getBytes(UTF_8)));
        filled(slots)
                .forEach((slot, program) -> files.put(
                        "m/" + CODE.formatted("/" + slot), source(program).getBytes(UTF_8)));
        return files;
    }

    private static Map<String, String> filled(Map<String, String> slots) {
        var filled = new TreeMap<>(DEFAULTS);
        slots.forEach((slot, program) -> {
            if (filled.put(slot, program) == null) {
                throw new IllegalArgumentException(
                        "there is no slot %s, must be one of %s".formatted(slot, DEFAULTS.keySet()));
            }
        });
        return filled;
    }

    static String source(String program) {
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
