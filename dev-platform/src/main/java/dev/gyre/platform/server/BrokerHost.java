package dev.gyre.platform.server;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Runs inside the broker's own JVM: formats its storage the first time, then starts it.
///
/// One JVM instead of two. Kafka's classes are on that JVM's class path only, so they are called by their names.
final class BrokerHost {

    private BrokerHost() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        var config = arguments[0];
        var storage = Path.of(arguments[1]);
        if (!Files.exists(storage.resolve("meta.properties"))) {
            format(config, arguments[2]);
        }
        call("kafka.Kafka", "main", new Class<?>[] {String[].class}, (Object) new String[] {config});
    }

    private static void format(String config, String cluster) throws ReflectiveOperationException {
        String[] command = {"format", "--ignore-formatted", "--cluster-id", cluster, "--config", config};
        var code = call(
                "kafka.tools.StorageTool",
                "execute",
                new Class<?>[] {String[].class, PrintStream.class},
                command,
                System.out);
        if (!Integer.valueOf(0).equals(code)) {
            throw new IllegalStateException("kafka.tools.StorageTool could not format the storage of " + config);
        }
    }

    private static @Nullable Object call(String type, String method, Class<?>[] parameters, Object... values)
            throws ReflectiveOperationException {
        return Class.forName(type).getMethod(method, parameters).invoke(null, values);
    }
}
