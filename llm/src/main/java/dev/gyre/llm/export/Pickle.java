package dev.gyre.llm.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.program.Weights;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Writes the object of a TorchScript archive in the second version of Python's pickle protocol.
final class Pickle {

    /// An object as bytes.
    ///
    /// @param tensors that its bytes name by their number here
    record Pickled(byte[] bytes, List<NDArray> tensors) {}

    private static final int PROTOCOL = 0x80;
    private static final int MARK = '(';
    private static final int TUPLE = 't';
    private static final int REDUCE = 'R';
    private static final int REMEMBER = 'r';
    private static final int RECALL = 'j';
    private static final int EMPTY_TUPLE = ')';
    private static final int EMPTY_LIST = ']';
    private static final int EMPTY_DICTIONARY = '}';
    private static final int APPENDS = 'e';
    private static final int SET_ITEMS = 'u';
    private static final int NEW_OBJECT = 0x81;
    private static final int BUILD = 'b';
    private static final int NONE = 'N';
    private static final int FALSE = 0x89;
    private static final int STOP = '.';

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// By identity: one that moves stands among the weights and among those that learn.
    private final Map<NDArray, Integer> numbers = new IdentityHashMap<>();

    private final List<NDArray> tensors = new ArrayList<>();

    private Pickle() {}

    /// The object of class `__torch__.M` with these fields.
    static Pickled object(SequencedMap<String, Object> fields) {
        var pickle = new Pickle();
        pickle.op(PROTOCOL).op(2).global("__torch__", "M").op(EMPTY_TUPLE).op(NEW_OBJECT);
        pickle.op(EMPTY_DICTIONARY).op(MARK);
        pickle.text("training").op(FALSE).text("_is_full_backward_hook").op(NONE);
        fields.forEach((name, value) -> pickle.text(name).value(value));
        pickle.op(SET_ITEMS).op(BUILD).op(STOP);
        return new Pickled(pickle.out.toByteArray(), pickle.tensors);
    }

    private Pickle value(Object value) {
        return switch (value) {
            case Weights weights -> dictionary(new TreeMap<>(weights.tensors()));
            case NDArray tensor -> tensor(tensor);
            case List<?> list -> tensors(list);
            case long[] values -> wholes(values);
            case double[] values -> reals(values);
            case Double number -> real(number);
            default -> throw new IllegalArgumentException("a program has no field of " + value.getClass());
        };
    }

    private Pickle dictionary(Map<String, NDArray> named) {
        op(EMPTY_DICTIONARY).op(MARK);
        named.forEach((name, tensor) -> text(name).tensor(tensor));
        return op(SET_ITEMS);
    }

    private Pickle tensor(NDArray tensor) {
        var known = numbers.get(tensor);
        if (known != null) {
            return op(RECALL).little(4, known);
        }
        int number = tensors.size();
        numbers.put(tensor, number);
        tensors.add(tensor);
        var shape = tensor.getShape().getShape();
        global("torch._utils", "_rebuild_tensor_v2").op(MARK);
        op(MARK).text("storage").global("torch", storage(tensor)).text(Integer.toString(number));
        text("cpu").whole(tensor.size()).op(TUPLE).op('Q');
        whole(0).sizes(shape).sizes(strides(shape)).op(FALSE);
        global("collections", "OrderedDict").op(EMPTY_TUPLE).op(REDUCE);
        return op(TUPLE).op(REDUCE).op(REMEMBER).little(4, number);
    }

    /// Of a tensor's numbers; the engine's Java side has no name for bf16.
    static ElementType type(NDArray tensor) {
        return switch (tensor.getDataType()) {
            case FLOAT32 -> ElementType.F32;
            case FLOAT16 -> ElementType.F16;
            case INT64 -> ElementType.I64;
            case UNKNOWN -> ElementType.BF16;
            default -> throw new IllegalStateException("no program takes numbers of " + tensor.getDataType());
        };
    }

    private static String storage(NDArray tensor) {
        return switch (type(tensor)) {
            case F32 -> "FloatStorage";
            case F16 -> "HalfStorage";
            case BF16 -> "BFloat16Storage";
            case I64 -> "LongStorage";
            case F64, F8_E4M3, F8_E5M2, F8_E8M0, C64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                throw new IllegalStateException("no program takes numbers of " + type(tensor));
        };
    }

    private static long[] strides(long[] shape) {
        var strides = new long[shape.length];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        return strides;
    }

    private Pickle sizes(long[] sizes) {
        op(MARK);
        for (long size : sizes) {
            whole(size);
        }
        return op(TUPLE);
    }

    private Pickle tensors(List<?> list) {
        global("torch.jit._pickle", "build_tensorlist").op(MARK).op(EMPTY_LIST).op(MARK);
        list.forEach(tensor -> tensor((NDArray) tensor));
        return op(APPENDS).op(TUPLE).op(REDUCE);
    }

    private Pickle wholes(long[] values) {
        global("torch.jit._pickle", "build_intlist").op(MARK).op(EMPTY_LIST).op(MARK);
        for (long value : values) {
            whole(value);
        }
        return op(APPENDS).op(TUPLE).op(REDUCE);
    }

    private Pickle reals(double[] values) {
        global("torch.jit._pickle", "build_doublelist").op(MARK).op(EMPTY_LIST).op(MARK);
        for (double value : values) {
            real(value);
        }
        return op(APPENDS).op(TUPLE).op(REDUCE);
    }

    private Pickle op(int code) {
        out.write(code);
        return this;
    }

    private Pickle global(String module, String name) {
        out.writeBytes("c%s\n%s\n".formatted(module, name).getBytes(UTF_8));
        return this;
    }

    private Pickle text(String text) {
        var bytes = text.getBytes(UTF_8);
        op('X').little(4, bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    private Pickle whole(long value) {
        return value == (int) value ? op('J').little(4, value) : op(0x8a).op(8).little(8, value);
    }

    private Pickle real(double value) {
        out.write('G');
        out.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
        return this;
    }

    private Pickle little(int bytes, long value) {
        out.write(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array(),
                0,
                bytes);
        return this;
    }
}
