package dev.gyre.cli;

import dev.gyre.cli.client.Logins;
import dev.gyre.platform.Platform;
import dev.gyre.platform.PlatformFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Logs an account in and prints its token, and nothing else: `HF_TOKEN=$(./gyre token app)`.
@Command(
        name = "token",
        description = "Print a bearer token of an account: HF_TOKEN=$(./gyre token app)",
        mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {

    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "ACCOUNT", description = "Such as ada, ann or app; credentials.json lists them.")
    private String account = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var platform = Platform.running(home.home())
                .orElseThrow(() -> new PlatformFailure("nothing runs in %s; start it with ./gyre up"
                        .formatted(home.home().folder())));
        var out = spec.commandLine().getOut();
        out.println(new Logins(platform.address("keycloak"), platform.credentials()).token(account));
        out.flush();
        return 0;
    }
}
