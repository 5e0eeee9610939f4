package dev.gyre.platform;

import dev.gyre.platform.process.Child;
import dev.gyre.platform.process.Program;
import dev.gyre.platform.process.Running;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One process that the supervisor keeps running.
///
/// @param needs the units that must be ready before this one starts, and must not stop before it
/// @param awaitReady returns when the unit can be used, having prepared whatever others expect of it
/// @param isWell false where a process that runs is of no use any more
record Unit(
        String name,
        URI address,
        Set<String> needs,
        Path log,
        Supplier<? extends Running> launch,
        Consumer<Running> awaitReady,
        BooleanSupplier isWell) {

    Unit {
        needs = Set.copyOf(needs);
    }

    /// A process that cannot be unwell.
    Unit(
            String name,
            URI address,
            Set<String> needs,
            Path log,
            Supplier<? extends Running> launch,
            Consumer<Running> awaitReady) {
        this(name, address, needs, log, launch, awaitReady, () -> true);
    }

    Unit watchedBy(BooleanSupplier isWell) {
        return new Unit(name, address, needs, log, launch, awaitReady, isWell);
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
