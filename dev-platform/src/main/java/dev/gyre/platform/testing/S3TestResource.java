package dev.gyre.platform.testing;

import dev.gyre.platform.process.Child;
import dev.gyre.platform.process.Ports;
import dev.gyre.platform.server.Checkout;
import dev.gyre.platform.server.S3Server;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.List;
import java.util.Map;

/// A bucket of its own for each test application, on one S3 store for the whole test JVM.
///
/// The bucket is only named here: the artifact store creates it at its first use.
public final class S3TestResource implements QuarkusTestResourceLifecycleManager {

    private static final String ACCESS_KEY = "test-access";
    private static final String SECRET_KEY = "test-secret";

    @Override
    public Map<String, String> start() {
        return Map.of(
                "gyre.s3.endpoint",
                SharedServer.S3.address(S3TestResource::startServer),
                "gyre.s3.access-key",
                ACCESS_KEY,
                "gyre.s3.secret-key",
                SECRET_KEY,
                "gyre.s3.bucket",
                "gyre-test-" + SharedServer.next());
    }

    private static String startServer() {
        var folder = SharedServer.scratch("s3");
        var server = new S3Server(
                folder.resolve("data"),
                Ports.free(),
                ACCESS_KEY,
                SECRET_KEY,
                folder.resolve("s3proxy.properties"),
                folder.resolve("log"));
        var child = server.await(Child.start(server.program(Checkout.find(), List.of())));
        SharedServer.atExit(child, folder);
        return server.endpoint();
    }

    /// The server stays for the next application; it stops with the test JVM.
    @Override
    public void stop() {}
}
