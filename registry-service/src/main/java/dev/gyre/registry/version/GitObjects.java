package dev.gyre.registry.version;

import dev.gyre.events.ArtifactRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names of files as git gives them, which Hub clients keep their caches by.
public final class GitObjects {

    private static final long LARGE = 10L << 20;

    private GitObjects() {}

    /// Whether a file is named by its SHA-256 instead of as a git blob.
    public static boolean isLarge(String path, long bytes) {
        return path.endsWith(".safetensors") || path.endsWith(".model") || bytes >= LARGE;
    }

    /// SHA-1 over `blob LENGTH\0` and the bytes.
    public static String blobOid(InputStream bytes, long length) throws IOException {
        var digest = sha1();
        digest.update("blob %d\0".formatted(length).getBytes(StandardCharsets.US_ASCII));
        var buffer = new byte[1 << 16];
        for (var read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    public static String blobOid(byte[] bytes) {
        var digest = sha1();
        digest.update("blob %d\0".formatted(bytes.length).getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(digest.digest(bytes));
    }

    /// What git keeps in place of a large file.
    public static String pointer(ArtifactRef content) {
        return "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
                .formatted(content.sha256(), content.bytes());
    }

    public static String pointerOid(ArtifactRef content) {
        return blobOid(pointer(content).getBytes(StandardCharsets.US_ASCII));
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-1", impossible);
        }
    }
}
