package dev.gyre.platform.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A program and how to start it: its command line, what its environment adds to ours, and where its output goes.
public record Program(String name, List<String> command, Map<String, String> environment, Path log) {

    /// Flags that suit a small server: one collector thread, quick compiler, little heap.
    public static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    public Program {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /// A Java program on the very JDK that runs us.
    public static Program java(String name, List<String> flags, String classPath, List<String> main, Path log) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath));
        command.addAll(main);
        return new Program(name, command, Map.of(), log);
    }

    /// Every jar of a folder, in the order of their names, so that a shared archive stays valid.
    public static String jarsOf(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(Path::toString)
                    .collect(Collectors.joining(":"));
        } catch (IOException cause) {
            throw new UncheckedIOException("no jars in " + folder + "; run ./gyre build", cause);
        }
    }

    public Program with(Map<String, String> more) {
        return new Program(name, command, more, log);
    }
}
