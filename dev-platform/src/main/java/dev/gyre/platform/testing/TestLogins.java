package dev.gyre.platform.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/// Tokens as Keycloak would give them, for tests that run with [LoginTestResource].
public final class TestLogins {

    private TestLogins() {}

    /// A token that is good for an hour.
    public static String token(String name, String workspace, String... roles) {
        return token(name, workspace, "HUMAN", Instant.now().plusSeconds(3600), roles);
    }

    /// @param kind the account's `annotator_kind`
    /// @param expires may be past, for the test of an expired login
    public static String token(String name, String workspace, String kind, Instant expires, String... roles) {
        var claims = """
                {"iss":"test","sub":"id-of-%1$s","preferred_username":"%1$s","iat":%2$d,"exp":%3$d,\
                "workspaces":["%4$s"],"annotator_kind":"%5$s","realm_access":{"roles":[%6$s]}}""".formatted(
                        name,
                        Math.min(Instant.now().getEpochSecond(), expires.getEpochSecond() - 60),
                        expires.getEpochSecond(),
                        workspace,
                        kind,
                        Arrays.stream(roles).map(role -> '"' + role + '"').collect(Collectors.joining(",")));
        var signed = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + base64(claims.getBytes(StandardCharsets.UTF_8));
        return signed + "." + base64(sign(signed));
    }

    private static byte[] sign(String text) {
        var key = System.getProperty(LoginTestResource.SIGNING_KEY);
        if (key == null) {
            throw new IllegalStateException("add @WithTestResource(LoginTestResource.class) to the test");
        }
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))));
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot sign a test token", impossible);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
