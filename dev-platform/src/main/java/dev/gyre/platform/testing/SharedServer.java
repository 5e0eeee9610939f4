package dev.gyre.platform.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A server that all test applications of one JVM share.
///
/// Each Quarkus test application has a class loader of its own, so what is shared lives in system properties.
enum SharedServer {
    POSTGRES,
    S3;

    /// The server's address; it is started by whoever asks first.
    String address(Supplier<String> start) {
        synchronized (System.getProperties()) {
            var key = "gyre.test." + name();
            var address = System.getProperty(key);
            if (address == null) {
                address = start.get();
                System.setProperty(key, address);
            }
            return address;
        }
    }

    /// A number that no test application of this JVM had before.
    static int next() {
        synchronized (System.getProperties()) {
            int number = Integer.getInteger("gyre.test.next", 0) + 1;
            System.setProperty("gyre.test.next", Integer.toString(number));
            return number;
        }
    }

    static Path scratch(String name) {
        try {
            return Files.createTempDirectory("gyre-test-" + name + "-");
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    static void atExit(AutoCloseable server, Path folder) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, folder)));
    }

    static void end(AutoCloseable server, Path folder) {
        try {
            server.close();
            delete(folder);
        } catch (Exception cause) {
            System.err.println("could not stop a test server cleanly: " + cause);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
