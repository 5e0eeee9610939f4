package dev.gyre.llm.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.ModelFolder;
import dev.gyre.llm.export.Pickle.Storage;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.program.ProgramLinker;
import dev.gyre.llm.program.ProgramRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A language model as one TorchScript archive, weights inside, that plain DJL and `torch.jit.load` run.
///
/// `forward(ids)` takes int64 ids (batch, time), rows padded on the right, and answers fp32 logits
/// (batch, time, vocabulary). Weights stay in the type of the folder; it computes in fp32.
public final class TorchScriptModel {

    private static final int PART = 1 << 20;

    private TorchScriptModel() {}

    /// Writes a Hugging Face folder as an archive.
    ///
    /// @throws IllegalArgumentException where the folder is not well formed, or holds an encoder
    public static void write(Path folder, Path file) {
        var held = held(folder);
        try (var runner = ProgramRunner.open("cpu");
                var model = Model.open(runner, folder, held, ElementType.F32);
                var weights = model.bind(Map.of())) {
            write(runner, model, new TreeMap<>(weights.tensors()), held, file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(file), e);
        }
    }

    private static ElementType held(Path folder) {
        try (var opened = ModelFolder.open(folder)) {
            if (!(opened.config() instanceof DecoderConfig)) {
                throw new IllegalArgumentException(
                        "%s holds an encoder, only language models can be exported".formatted(folder));
            }
            return opened.type() == ElementType.F64 ? ElementType.F32 : opened.type();
        }
    }

    private static void write(
            ProgramRunner runner, Model model, Map<String, NDArray> tensors, ElementType held, Path file)
            throws IOException {
        // by identity: a tied model has its embedding under two names
        var storages = new IdentityHashMap<NDArray, Storage>();
        var named = new LinkedHashMap<String, Storage>();
        tensors.forEach((name, tensor) ->
                named.put(name, storages.computeIfAbsent(tensor, _ -> storage(tensor, held, storages.size()))));
        var texts = ProgramLinker.files("exported", model.slots(Map.of("linear", "linear")));
        texts.put(
                "m/data.pkl", Pickle.model(named, model.shape(), model.config().normEpsilon()));
        texts.put("m/byteorder", "little".getBytes(UTF_8));
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (var text : texts.entrySet()) {
                put(zip, text.getKey(), ByteBuffer.wrap(text.getValue()));
            }
            for (var tensor : inOrder(storages)) {
                var bytes = runner.bytes(
                        tensor.getKey(), type(tensor.getKey(), held).kind());
                put(zip, "m/data/%d".formatted(tensor.getValue().file()), bytes);
            }
        }
    }

    private static List<Map.Entry<NDArray, Storage>> inOrder(Map<NDArray, Storage> storages) {
        return storages.entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> entry.getValue().file()))
                .toList();
    }

    private static Storage storage(NDArray tensor, ElementType held, int number) {
        var kind = switch (type(tensor, held)) {
            case F32 -> "FloatStorage";
            case F16 -> "HalfStorage";
            case BF16 -> "BFloat16Storage";
            case F64, F8_E4M3, F8_E5M2, F8_E8M0, C64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                throw new IllegalStateException("no weight is of type " + type(tensor, held));
        };
        return new Storage(
                kind,
                number,
                Arrays.stream(tensor.getShape().getShape()).boxed().toList());
    }

    /// The engine's Java side has no name for bf16.
    private static ElementType type(NDArray tensor, ElementType held) {
        return switch (tensor.getDataType()) {
            case FLOAT32 -> ElementType.F32;
            case FLOAT16 -> ElementType.F16;
            default -> held;
        };
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
