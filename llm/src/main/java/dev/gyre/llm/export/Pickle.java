package dev.gyre.llm.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/// Writes the object of a TorchScript archive in the second version of Python's pickle protocol.
final class Pickle {

    /// Numbers that a tensor views, kept in a file of their own.
    ///
    /// @param kind torch's name, such as `FloatStorage`
    /// @param file its number under `data/`
    record Storage(String kind, int file, List<Long> shape) {

        Storage {
            shape = List.copyOf(shape);
        }

        long count() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }

    private static final int PROTOCOL = 0x80;
    private static final int MARK = '(';
    private static final int TUPLE = 't';
    private static final int REDUCE = 'R';
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

    private Pickle() {}

    /// The object of class `__torch__.M` with weights by name, a shape and an epsilon.
    static byte[] model(Map<String, Storage> weights, long[] shape, double epsilon) {
        var pickle = new Pickle();
        pickle.op(PROTOCOL).op(2).global("__torch__", "M").op(EMPTY_TUPLE).op(NEW_OBJECT);
        pickle.op(EMPTY_DICTIONARY).op(MARK);
        pickle.text("training").op(FALSE).text("_is_full_backward_hook").op(NONE);
        pickle.text("w").op(EMPTY_DICTIONARY).op(MARK);
        weights.forEach((name, storage) -> pickle.text(name).tensor(storage));
        pickle.op(SET_ITEMS).text("shape").numbers(shape).text("eps").real(epsilon);
        pickle.op(SET_ITEMS).op(BUILD).op(STOP);
        return pickle.out.toByteArray();
    }

    private Pickle tensor(Storage storage) {
        global("torch._utils", "_rebuild_tensor_v2").op(MARK);
        op(MARK).text("storage").global("torch", storage.kind()).text(Integer.toString(storage.file()));
        text("cpu").whole(storage.count()).op(TUPLE).op('Q');
        whole(0).sizes(storage.shape()).sizes(strides(storage.shape())).op(FALSE);
        global("collections", "OrderedDict").op(EMPTY_TUPLE).op(REDUCE);
        return op(TUPLE).op(REDUCE);
    }

    private static List<Long> strides(List<Long> shape) {
        var strides = new Long[shape.size()];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape.get(i);
        }
        return List.of(strides);
    }

    private Pickle sizes(List<Long> sizes) {
        op(MARK);
        sizes.forEach(this::whole);
        return op(TUPLE);
    }

    private Pickle numbers(long[] values) {
        global("torch.jit._pickle", "build_intlist").op(MARK).op(EMPTY_LIST).op(MARK);
        for (long value : values) {
            whole(value);
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
