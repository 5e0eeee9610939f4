package dev.gyre.platform;

import dev.gyre.platform.State.Phase;
import dev.gyre.platform.process.Child;
import dev.gyre.platform.process.Ports;
import dev.gyre.platform.process.Program;
import dev.gyre.platform.server.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// One running instance of the platform, as others see it.
public final class Platform {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private final Home home;

    private Platform(Home home) {
        this.home = home;
    }

    /// The instance of this home, if it runs or is just starting.
    public static Optional<Platform> running(Home home) {
        return State.of(home).filter(State::running).map(state -> new Platform(home));
    }

    /// The instance of this home, running or not.
    public static Platform at(Home home) {
        return new Platform(home);
    }

    /// Starts the instance of this home, or joins the one that runs; returns when everything is ready.
    ///
    /// @throws PlatformFailure if a part does not start; nothing is left running then
    public static Platform start(Options options, ProgressListener listener) {
        var home = options.home();
        var platform = new Platform(home);
        if (running(home).isEmpty()) {
            var supervisor = launch(options);
            var interrupted = new Thread(supervisor::destroy);
            Runtime.getRuntime().addShutdownHook(interrupted);
            platform.awaitReady(Optional.of(supervisor), listener);
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } else {
            platform.awaitReady(Optional.empty(), listener);
        }
        return platform;
    }

    public Home home() {
        return home;
    }

    public State state() {
        return State.of(home).orElseThrow(() -> new PlatformFailure("nothing runs in " + home.folder()));
    }

    /// Where each part listens, by its name.
    public Map<String, URI> addresses() {
        return state().parts().stream().collect(Collectors.toMap(State.Part::name, State.Part::address));
    }

    public URI address(String part) {
        return state().part(part)
                .orElseThrow(() -> new IllegalArgumentException("the platform has no part called " + part))
                .address();
    }

    public Credentials credentials() {
        return Credentials.of(home)
                .orElseThrow(
                        () -> new PlatformFailure("no credentials in " + home.folder() + "; was it ever started?"));
    }

    /// Starts one more process of a service beside those that run: same code, database and consumer groups, and a port
    /// of its own. No supervisor watches it; it ends with the process that asked for it.
    ///
    /// @param as its name among the logs
    /// @param changes settings in which it differs, as environment variables
    public Instance beside(String service, String as, Map<String, String> changes) {
        var port = Ports.free();
        var program = Blueprint.of(home, Checkout.find(), state()).another(service, as, port);
        var environment = new HashMap<>(program.environment());
        environment.putAll(changes);
        return new Instance(URI.create("http://127.0.0.1:" + port), Child.start(program.with(environment)));
    }

    /// A process beside those of the supervisor.
    public record Instance(URI address, Child process) {

        /// Returns when it is ready.
        public Instance await() {
            Blueprint.awaitHealth(process, address);
            return this;
        }
    }

    /// Ends one part and keeps it from being started again, until [#release(String)].
    void hold(String part) {
        var process = state().part(part)
                .orElseThrow(() -> new PlatformFailure("the platform has no part called " + part))
                .process();
        try {
            Files.writeString(home.held(part), "");
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot hold " + part, cause);
        }
        if (process != null) {
            process.running().ifPresent(running -> {
                running.destroy();
                running.onExit().orTimeout(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS).join();
            });
        }
        await(part, found -> found.status() != State.Status.READY);
    }

    /// Lets a part be started again, and returns when it is ready.
    void release(String part) {
        try {
            Files.deleteIfExists(home.held(part));
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot release " + part, cause);
        }
        await(part, found -> found.status() == State.Status.READY);
    }

    private void await(String part, Predicate<State.Part> is) {
        var deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (state().part(part).filter(is).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new PlatformFailure("%s does not come to where it should; see %s".formatted(part, home.log(part)));
            }
            sleep();
        }
    }

    /// Stops everything, services first, and returns when nothing is left.
    public void stop(ProgressListener listener) {
        var last = State.of(home);
        if (last.isEmpty()) {
            return;
        }
        var supervisor = last.get().supervisor().running();
        supervisor.ifPresent(ProcessHandle::destroy);
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        while (supervisor.filter(ProcessHandle::isAlive).isPresent() && System.nanoTime() < deadline) {
            State.of(home).ifPresent(listener::changed);
            sleep();
        }
        supervisor.filter(ProcessHandle::isAlive).ifPresent(ProcessHandle::destroyForcibly);
        Leftovers.end(home);
        forget(home);
    }

    public void stop() {
        stop(state -> {});
    }

    private void awaitReady(Optional<Process> supervisor, ProgressListener listener) {
        while (true) {
            boolean alive = supervisor
                    .map(Process::isAlive)
                    .orElseGet(() -> running(home).isPresent());
            var state = State.of(home)
                    .filter(found -> supervisor.isEmpty()
                            || found.supervisor().pid() == supervisor.get().pid());
            if (state.isPresent()) {
                listener.changed(state.get());
                if (state.get().phase() == Phase.READY) {
                    return;
                }
            }
            if (!alive) {
                throw new PlatformFailure(state.map(State::failure).orElse(lastWords()));
            }
            sleep();
        }
    }

    private String lastWords() {
        var log = home.log("supervisor");
        try {
            return "the supervisor ended before everything was ready; the end of " + log + ":\n"
                    + String.join(
                            "\n",
                            Files.readAllLines(log).reversed().stream()
                                    .limit(15)
                                    .toList()
                                    .reversed());
        } catch (IOException cause) {
            return "the supervisor ended before everything was ready, and left no log in " + log;
        }
    }

    private static Process launch(Options options) {
        var home = options.home();
        var command = new ArrayList<String>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.addAll(Program.java(
                        "supervisor",
                        List.of(
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx192m",
                                "-Dgyre.root=" + Checkout.find().root(),
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                        System.getProperty("java.class.path"),
                        List.of(
                                Supervisor.class.getName(),
                                home.folder().toString(),
                                Boolean.toString(options.withServices()),
                                options.device()),
                        home.log("supervisor"))
                .command());
        try {
            Files.createDirectories(home.log("supervisor").getParent());
            return new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.to(home.log("supervisor").toFile()))
                    .start();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot start the supervisor", cause);
        }
    }

    private static void forget(Home home) {
        try {
            Files.deleteIfExists(home.state());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PlatformFailure("interrupted while waiting for the platform");
        }
    }
}
