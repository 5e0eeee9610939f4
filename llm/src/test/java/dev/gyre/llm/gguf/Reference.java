package dev.gyre.llm.gguf;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// What pip's `gguf` 0.19.0 makes of the numbers of [GgufFileTest]: eight bytes of a SHA-256 each.
final class Reference {

    static final Map<GgufType, String> QUANTISED = Map.of(
            GgufType.F32, "7e8a999d940f4faa",
            GgufType.F16, "e7766d25316a672c",
            GgufType.Q4_0, "54aa328d763b43c9",
            GgufType.Q8_0, "1f6df44a85716087",
            GgufType.BF16, "517cba5843900816");

    static final Map<GgufType, String> DEQUANTISED = Map.of(
            GgufType.F32, "7e8a999d940f4faa",
            GgufType.F16, "86b28eaa2b708780",
            GgufType.Q4_0, "693a81c768970744",
            GgufType.Q8_0, "ed5b44ece653fbc3",
            GgufType.BF16, "484e617f64feebb7");

    private Reference() {}

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
