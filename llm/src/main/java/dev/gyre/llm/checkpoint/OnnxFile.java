package dev.gyre.llm.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The weights in an [ONNX](https://onnx.ai/onnx/repo-docs/IR.html) file, mapped into memory; the graph is
/// not run.
///
/// The file is a protobuf message; of its [wire format](https://protobuf.dev/programming-guides/encoding/)
/// only the fields that lead to weights are read, all others are passed over.
public final class OnnxFile implements AutoCloseable {

    /// A constant of the graph in fp32.
    public record Weight(String name, List<Long> shape, ByteBuffer bytes) {

        public Weight {
            shape = List.copyOf(shape);
        }

        /// The numbers of a matrix with rows and columns exchanged, in little-endian order.
        public ByteBuffer transposed() {
            int rows = Math.toIntExact(shape.get(0));
            int columns = Math.toIntExact(shape.get(1));
            var from = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            var to = ByteBuffer.allocate(4 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
            for (int column = 0; column < columns; column++) {
                for (int row = 0; row < rows; row++) {
                    to.putFloat(from.get(row * columns + column));
                }
            }
            return to.flip();
        }
    }

    // Field numbers of onnx.proto: ModelProto, GraphProto, NodeProto, TensorProto.
    private static final int GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_NAME = 3;
    private static final int TENSOR_DIMENSION = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_BYTES = 9;

    private static final long FLOAT = 1;

    private final Path path;
    private final Arena arena;
    private final Map<String, Weight> weights = new LinkedHashMap<>();
    private final Map<String, List<String>> inputs = new LinkedHashMap<>();

    private OnnxFile(Path path, Arena arena) {
        this.path = path;
        this.arena = arena;
    }

    /// Opens a file.
    ///
    /// @throws IllegalArgumentException where it is not well formed, or keeps its weights elsewhere
    public static OnnxFile open(Path path) {
        return MappedFile.open(path, (arena, bytes) -> {
            var file = new OnnxFile(path, arena);
            try {
                file.readModel(new Message(bytes));
            } catch (IndexOutOfBoundsException e) {
                throw new IllegalArgumentException("%s is not an ONNX file, or is cut short".formatted(path), e);
            }
            return file;
        });
    }

    private void readModel(Message model) {
        while (model.next()) {
            if (model.field == GRAPH) {
                readGraph(model.message());
            }
        }
        if (weights.isEmpty()) {
            throw new IllegalArgumentException("%s is not an ONNX file with weights in fp32".formatted(path));
        }
    }

    private void readGraph(Message graph) {
        while (graph.next()) {
            switch (graph.field) {
                case GRAPH_NODE -> readNode(graph.message());
                case GRAPH_INITIALIZER -> readWeight(graph.message());
                default -> {}
            }
        }
    }

    private void readNode(Message node) {
        var name = "";
        var read = new ArrayList<String>();
        while (node.next()) {
            switch (node.field) {
                case NODE_INPUT -> read.add(node.text());
                case NODE_NAME -> name = node.text();
                default -> {}
            }
        }
        inputs.put(name, read);
    }

    private void readWeight(Message tensor) {
        var name = "";
        long type = 0;
        var shape = new ArrayList<Long>();
        var bytes = MemorySegment.NULL;
        while (tensor.next()) {
            switch (tensor.field) {
                case TENSOR_DIMENSION -> tensor.numbers(shape);
                case TENSOR_TYPE -> type = tensor.number;
                case TENSOR_NAME -> name = tensor.text();
                case TENSOR_BYTES -> bytes = tensor.content;
                default -> {}
            }
        }
        if (type != FLOAT) {
            return;
        }
        long wanted = 4 * shape.stream().reduce(1L, Math::multiplyExact);
        if (bytes.byteSize() != wanted) {
            throw new IllegalArgumentException("weight %s in %s has %d bytes, its shape %s takes %d"
                    .formatted(name, path, bytes.byteSize(), shape, wanted));
        }
        weights.put(name, new Weight(name, shape, bytes.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN)));
    }

    /// A constant by its own name.
    ///
    /// @throws IllegalArgumentException where there is none
    public Weight weight(String name) {
        var weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("%s has no weight %s".formatted(path, name));
        }
        return weight;
    }

    public boolean has(String name) {
        return weights.containsKey(name);
    }

    /// The constant that a node of the graph reads, such as the matrix of a `MatMul`.
    ///
    /// @throws IllegalArgumentException where there is no such node, or it reads none
    public Weight weightReadBy(String node) {
        return inputs.getOrDefault(node, List.of()).stream()
                .filter(weights::containsKey)
                .findFirst()
                .map(this::weight)
                .orElseThrow(() ->
                        new IllegalArgumentException("%s has no node %s that reads a weight".formatted(path, node)));
    }

    @Override
    public void close() {
        arena.close();
    }

    /// One protobuf message, read field by field.
    private static final class Message {

        private final MemorySegment data;
        private long at;

        private int field;
        /// The value of a field that is a number.
        private long number;
        /// The value of a field that has a length.
        private MemorySegment content = MemorySegment.NULL;

        Message(MemorySegment data) {
            this.data = data;
        }

        boolean next() {
            if (at >= data.byteSize()) {
                return false;
            }
            long key = varint();
            field = Math.toIntExact(key >>> 3);
            content = MemorySegment.NULL;
            switch ((int) (key & 7)) {
                case 0 -> number = varint();
                case 1 -> take(8);
                case 2 -> take(varint());
                case 5 -> take(4);
                default -> throw new IndexOutOfBoundsException("wire type " + (key & 7));
            }
            return true;
        }

        private void take(long length) {
            content = data.asSlice(at, length);
            at += length;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte part = data.get(ValueLayout.JAVA_BYTE, at++);
                value |= (part & 0x7FL) << shift;
                if (part >= 0) {
                    return value;
                }
            }
            throw new IndexOutOfBoundsException("a number without end");
        }

        Message message() {
            return new Message(content);
        }

        String text() {
            return new String(content.toArray(ValueLayout.JAVA_BYTE), UTF_8);
        }

        /// A repeated number, one by one or packed.
        void numbers(List<Long> into) {
            if (content.byteSize() == 0) {
                into.add(number);
                return;
            }
            var packed = message();
            while (packed.at < packed.data.byteSize()) {
                into.add(packed.varint());
            }
        }
    }
}
