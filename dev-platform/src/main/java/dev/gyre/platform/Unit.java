package dev.gyre.platform;

import dev.gyre.platform.process.Child;
import dev.gyre.platform.process.Program;
import dev.gyre.platform.process.Running;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One process that the supervisor keeps running.
///
/// @param needs the units that must be ready before this one starts, and must not stop before it
/// @param awaitReady returns when the unit can be used, having prepared whatever others expect of it
record Unit(
        String name,
        URI address,
        Set<String> needs,
        Path log,
        Supplier<? extends Running> launch,
        Consumer<Running> awaitReady) {

    Unit {
        needs = Set.copyOf(needs);
    }

    static Unit of(
            String name,
            URI address,
            Set<String> needs,
            Supplier<Program> program,
            Consumer<Child> awaitReady,
            Path log) {
        return new Unit(
                name,
                address,
                needs,
                log,
                () -> Child.start(program.get()),
                running -> awaitReady.accept((Child) running));
    }
}
