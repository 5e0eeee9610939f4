package dev.gyre.llm.program;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Runs tensor programs on a device; the one class that calls DJL's engine natively.
///
/// Gradient mode, executor settings and OpenMP's thread pool belong to the calling thread, so every
/// native call of
/// this
/// JVM is made by one thread; calls from many threads take turns.
public final class ProgramRunner implements AutoCloseable {

    /// What Linux says of the processor: x86 in a line of flags, ARM in one of features.
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

    private static final Pattern BF16_UNITS =
            Pattern.compile("^(flags|Features)\\s*:.*\\b(avx512_bf16|amx_bf16|bf16)\\b");

    private static final String SPINS = "GOMP_SPINCOUNT";

    static {
        presetUnlessGiven("ai.djl.offline", "DJL_OFFLINE", "true");
        presetUnlessGiven("OPT_OUT_TRACKING", "OPT_OUT_TRACKING", "true");
        presetUnlessGiven("ai.djl.pytorch.graph_optimizer", "GRAPH_OPTIMIZER", "false");
        waitBriefly();
    }

    private static final ExecutorService ENGINE = Executors.newSingleThreadExecutor(ProgramRunner::engineThread);

    private final PtNDManager manager;
    private final Program tensors;

    private ProgramRunner(PtNDManager manager) {
        this.manager = manager;
        this.tensors = load("tensors", Map.of());
    }

    /// The engine is looked up through the thread's class loader, which must be the one that loaded this class.
    private static Thread engineThread(Runnable work) {
        var thread = Thread.ofPlatform()
                .name("tensor-engine")
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(work);
        thread.setContextClassLoader(ProgramRunner.class.getClassLoader());
        return thread;
    }

    /// Opens a device.
    ///
    /// @param device `auto` (a GPU where the engine has one, else the CPU), `cpu` or `cuda:N`
    public static ProgramRunner open(String device) {
        return onEngine(() -> {
            var engine = Engine.getEngine("PyTorch");
            return new ProgramRunner((PtNDManager) engine.newBaseManager(device(device, engine)));
        });
    }

    /// The device that a word stands for on this machine: `cpu` or `cuda:N`.
    ///
    /// @param device `auto`, `cpu` or `cuda:N`
    public static String resolve(String device) {
        return onEngine(() -> {
            var found = device(device, Engine.getEngine("PyTorch"));
            return found.isGpu() ? "cuda:" + found.getDeviceId() : "cpu";
        });
    }

    /// Whether this device multiplies bf16 matrices as such. A processor that does not computes them number by number, a
    /// hundred times slower than fp32.
    public boolean multipliesBf16() {
        if (manager.getDevice().isGpu() || !Files.exists(PROCESSOR)) {
            return true;
        }
        try (var lines = Files.lines(PROCESSOR)) {
            return lines.anyMatch(line -> BF16_UNITS.matcher(line).find());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Bytes that this device has in all: of a GPU what its driver says, of a computer what it or its container may use.
    public long allMemory() {
        if (manager.getDevice().isGpu()) {
            return onEngine(
                    () -> CudaUtils.getGpuMemory(manager.getDevice()).getMax());
        }
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    private static Device device(String word, Engine engine) {
        int gpus = engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
        if (word.equals("cpu") || (word.equals("auto") && gpus == 0)) {
            return Device.cpu();
        }
        if (word.equals("auto")) {
            return Device.gpu(0);
        }
        if (!word.matches("cuda:\\d{1,3}")) {
            throw new IllegalArgumentException("device is %s, must be auto, cpu or cuda:N".formatted(word));
        }
        int number = Integer.parseInt(word.substring("cuda:".length()));
        if (number >= gpus) {
            throw new IllegalArgumentException(
                    "device is %s, but this engine sees %d CUDA devices; use auto or cpu".formatted(word, gpus));
        }
        return Device.gpu(number);
    }

    /// Links and loads a program.
    ///
    /// @throws IllegalStateException where it does not compile, naming the program's file and line
    public Program load(String entry, Map<String, String> slots) {
        return load(ProgramLinker.link(entry, slots));
    }

    /// Links and loads an entry program that is given as text.
    ///
    /// @param name of its file, for messages
    public Program loadText(String name, String entry, Map<String, String> slots) {
        return load(ProgramLinker.linkText(name, entry, slots));
    }

    private Program load(ProgramLinker.Linked linked) {
        return onEngine(() -> {
            try {
                var archive = new ByteArrayInputStream(linked.archive());
                return new Program(linked, JniUtils.loadModule(manager, archive, true, false));
            } catch (EngineException e) {
                throw new IllegalStateException(
                        "tensor program %s does not load: %s"
                                .formatted(linked.name(), Trace.told(said(e), linked.origins())),
                        e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static String said(EngineException e) {
        return Objects.requireNonNullElse(e.getMessage(), "the engine does not say why");
    }

    /// A new region of native memory: closing it frees every tensor made in it.
    public NDManager newScope() {
        return manager.newSubManager();
    }

    /// Names tensors for programs.
    public Weights bind(Map<String, NDArray> named) {
        return onEngine(() -> new Weights(named, IValue.stringMapFrom(engineTensors(named))));
    }

    /// Runs a method that answers one tensor, made in `scope`.
    public NDArray tensor(NDManager scope, Program program, String method, Object... arguments) {
        return run(program, method, answer -> answer.toTensor((PtNDManager) scope), arguments);
    }

    /// Runs a method that answers tensors, made in `scope`.
    public List<NDArray> tensors(NDManager scope, Program program, String method, Object... arguments) {
        return run(program, method, answer -> List.of(answer.toTensorArray((PtNDManager) scope)), arguments);
    }

    /// Runs a method that answers whole numbers.
    public long[] longs(Program program, String method, Object... arguments) {
        return run(program, method, IValue::toLongArray, arguments);
    }

    /// Makes a tensor of the bytes of another kind of number.
    ///
    /// @param raw direct buffer in little-endian order; it is copied
    /// @param kind torch's code of the numbers in `raw`
    /// @param wanted torch's code of the tensor made
    public NDArray adopt(NDManager scope, ByteBuffer raw, int kind, List<Long> shape, int wanted) {
        return onEngine(() -> {
            try (var passing = manager.newSubManager()) {
                var bytes =
                        passing.create(raw.order(ByteOrder.LITTLE_ENDIAN), new Shape(raw.remaining()), DataType.UINT8);
                var sizes = shape.stream().mapToLong(Long::longValue).toArray();
                return tensor(scope, tensors, "adopt", bytes, (long) kind, sizes, (long) wanted);
            }
        });
    }

    /// Makes a tensor of 64-bit integers.
    public NDArray integers(NDManager scope, long[] values, long... shape) {
        return onEngine(() -> scope.create(values, new Shape(shape)));
    }

    /// Makes a tensor of fp32 numbers.
    public NDArray floats(NDManager scope, float[] values, long... shape) {
        return onEngine(() -> scope.create(values, new Shape(shape)));
    }

    /// The bytes of a tensor converted to a kind, in little-endian order.
    public ByteBuffer bytes(NDArray tensor, int kind) {
        return onEngine(() -> {
            try (var passing = manager.newSubManager()) {
                return tensor(passing, tensors, "bytes", tensor, (long) kind)
                        .toByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
        });
    }

    /// The numbers of an fp32 tensor.
    public float[] read(NDArray tensor) {
        return onEngine(tensor::toFloatArray);
    }

    /// The numbers of an fp64 tensor.
    public double[] readDoubles(NDArray tensor) {
        return onEngine(tensor::toDoubleArray);
    }

    /// A method of the program `tensors`: conversions and the merging of adapters.
    public NDArray convert(NDManager scope, String method, Object... arguments) {
        return tensor(scope, tensors, method, arguments);
    }

    /// As [#convert], where several tensors are answered.
    public List<NDArray> convertAll(NDManager scope, String method, Object... arguments) {
        return tensors(scope, tensors, method, arguments);
    }

    @Override
    public void close() {
        manager.close();
    }

    private <T> T run(Program program, String method, Function<IValue, T> reading, Object... arguments) {
        program.check(method, arguments);
        return onEngine(() -> {
            JniUtils.setGraphExecutorOptimize(false);
            JniUtils.setGradMode(false);
            var passing = new ArrayList<IValue>();
            try {
                var handles = new long[arguments.length];
                for (int i = 0; i < arguments.length; i++) {
                    handles[i] = handle(arguments[i], passing);
                }
                IValue answer = Natives.run(program.block().getHandle(), method, handles);
                passing.add(answer);
                return reading.apply(answer);
            } catch (EngineException e) {
                throw new IllegalStateException(
                        "tensor program %s.%s: %s".formatted(program, method, program.told(said(e))), e);
            } finally {
                passing.forEach(IValue::close);
            }
        });
    }

    private static long handle(Object argument, List<IValue> passing) {
        if (argument instanceof Weights weights) {
            return weights.bound().getHandle();
        }
        var value = switch (argument) {
            case String text -> IValue.from(text);
            case Long number -> IValue.from(number);
            case Double number -> IValue.from(number);
            case long[] numbers -> IValue.listFrom(numbers);
            case double[] numbers -> IValue.listFrom(numbers);
            case PtNDArray tensor -> IValue.from(tensor);
            case List<?> tensors -> IValue.listFrom(tensors.toArray(PtNDArray[]::new));
            default -> throw new IllegalArgumentException("a program cannot take a " + argument.getClass());
        };
        passing.add(value);
        return value.getHandle();
    }

    private static Map<String, PtNDArray> engineTensors(Map<String, NDArray> named) {
        var result = new LinkedHashMap<String, PtNDArray>();
        named.forEach((name, tensor) -> result.put(name, (PtNDArray) tensor));
        return result;
    }

    private static <T> T onEngine(Supplier<T> work) {
        if (Thread.currentThread().getName().equals("tensor-engine")) {
            return work.get();
        }
        try {
            return CompletableFuture.supplyAsync(work, ENGINE).join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    private static void presetUnlessGiven(String property, String variable, String value) {
        if (System.getProperty(property) == null && System.getenv(variable) == null) {
            System.setProperty(property, value);
        }
    }

    /// OpenMP's threads spin a while before they sleep, unless told otherwise before they are loaded. For as long as
    /// its default they take a shared machine from others, and a training takes ten times as long; not at all makes
    /// every small operation wait until a thread wakes: a seventh of a step. About a tenth of a millisecond costs
    /// neither. Java cannot set a variable of its own process, libc can.
    private static void waitBriefly() {
        var setenv = Linker.nativeLinker().defaultLookup().find("setenv");
        if (System.getenv("OMP_WAIT_POLICY") != null || System.getenv(SPINS) != null || setenv.isEmpty()) {
            return;
        }
        var type = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        try (var arena = Arena.ofConfined()) {
            int _ = (int) Linker.nativeLinker()
                    .downcallHandle(setenv.get(), type)
                    .invoke(arena.allocateFrom(SPINS), arena.allocateFrom("50000"), 0);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot set " + SPINS, e);
        }
    }

    /// DJL runs a method only in inference mode, where nothing can be learned; what it calls for
    /// training is not
    /// public.
    private static final class Natives {

        private static final Object LIBRARY;
        private static final MethodHandle RUN;
        private static final MethodHandle WRAP;

        static {
            try {
                var type = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
                var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
                LIBRARY = lookup.findStaticVarHandle(type, "LIB", type).get();
                RUN = lookup.findVirtual(
                        type,
                        "moduleRunMethod",
                        MethodType.methodType(
                                long.class, long.class, String.class, long[].class, boolean.class, boolean.class));
                WRAP = MethodHandles.privateLookupIn(IValue.class, MethodHandles.lookup())
                        .findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(
                        "this version of DJL's PyTorch engine is not the one Gyre is built for", e);
            }
        }

        private static IValue run(long module, String method, long[] arguments) {
            try {
                return (IValue) WRAP.invoke((long) RUN.invoke(LIBRARY, module, method, arguments, true, false));
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
