package dev.gyre.cli;

import dev.gyre.platform.Platform;
import dev.gyre.platform.PlatformFailure;
import dev.gyre.platform.Replay;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Tells a service again what it knows only from facts.
@Command(
        name = "replay",
        description = {
            "Empty what a service knows only from facts, and tell it every fact again from the beginning.",
            "What a service owns itself is left alone; the service is stopped meanwhile, everything else goes on."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "SERVICE", description = "trainer or registry.")
    private String service = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var platform = Platform.running(home.home())
                .orElseThrow(() -> new PlatformFailure("nothing runs; start it with ./gyre up"));
        Replay.of(platform, service).run();
        var out = spec.commandLine().getOut();
        out.println(Terminal.green("✓ ") + service + " hears every fact again");
        out.flush();
        return 0;
    }
}
