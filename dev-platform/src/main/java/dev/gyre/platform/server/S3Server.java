package dev.gyre.platform.server;

import dev.gyre.platform.process.Child;
import dev.gyre.platform.process.Ports;
import dev.gyre.platform.process.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// An S3 store over a folder (S3Proxy) in a JVM of its own on 127.0.0.1.
public record S3Server(Path data, int port, String accessKey, String secretKey, Path settings, Path log) {

    public Program program(Checkout checkout, List<String> flags) {
        writeSettings();
        var all = new ArrayList<>(Program.SMALL);
        all.addAll(List.of("-Xms32m", "-Xmx192m", "-Dlogback.configurationFile=" + quiet()));
        all.addAll(flags);
        return Program.java(
                "s3",
                all,
                Program.jarsOf(checkout.s3Jars()),
                List.of("org.gaul.s3proxy.Main", "--properties", settings.toString()),
                log);
    }

    public Child await(Child store) {
        return store.await(Duration.ofMinutes(5), ready -> Ports.open(port));
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    private void writeSettings() {
        try {
            Files.createDirectories(data);
            writePrivately(settings, """
                    s3proxy.endpoint=%s
                    s3proxy.authorization=aws-v2-or-v4
                    s3proxy.identity=%s
                    s3proxy.credential=%s
                    jclouds.provider=filesystem-nio2
                    jclouds.identity=local
                    jclouds.credential=local
                    jclouds.filesystem.basedir=%s
                    """.formatted(endpoint(), accessKey, secretKey, data));
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot write " + settings, cause);
        }
    }

    /// S3Proxy brings no logging settings, and without any it logs every byte of every request.
    private Path quiet() {
        var logging = settings.resolveSibling("logback.xml");
        try {
            Files.createDirectories(logging.getParent());
            return Files.writeString(logging, """
                    <configuration>
                      <appender name="log" class="ch.qos.logback.core.ConsoleAppender">
                        <encoder><pattern>%d %level %logger %msg%n</pattern></encoder>
                      </appender>
                      <root level="warn"><appender-ref ref="log"/></root>
                    </configuration>
                    """);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot write " + logging, cause);
        }
    }

    /// A file with secrets in it, which only its owner may read.
    static void writePrivately(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }
}
