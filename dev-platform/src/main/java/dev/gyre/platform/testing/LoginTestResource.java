package dev.gyre.platform.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/// Stands in for Keycloak in a service's own tests: the service trusts tokens that [TestLogins] signs.
public final class LoginTestResource implements QuarkusTestResourceLifecycleManager {

    /// System property, because the test's class loader is another than the one that starts resources.
    static final String SIGNING_KEY = "gyre.test.signing-key";

    @Override
    public Map<String, String> start() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var keys = generator.generateKeyPair();
            System.setProperty(
                    SIGNING_KEY,
                    Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded()));
            return Map.of(
                    "quarkus.oidc.public-key",
                    Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()),
                    "quarkus.oidc.application-type",
                    "service");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has RSA", impossible);
        }
    }

    @Override
    public void stop() {
        System.clearProperty(SIGNING_KEY);
    }
}
