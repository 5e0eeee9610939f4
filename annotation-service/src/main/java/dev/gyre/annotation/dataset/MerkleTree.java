package dev.gyre.annotation.dataset;

import dev.gyre.artifacts.Digests;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/// One digest for an ordered list: it changes with every element and with their order (RFC 6962, §2.1).
///
/// Leaves are hashed after a byte 0, nodes after a byte 1, so that no leaf can pass for a node.
final class MerkleTree {

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private MerkleTree() {}

    /// Root over texts as UTF-8, as lower-case hex.
    static String root(List<String> leaves) {
        return rootOfBytes(leaves.stream()
                .map(leaf -> leaf.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    static String rootOfBytes(List<byte[]> leaves) {
        return HexFormat.of().formatHex(hash(leaves));
    }

    private static byte[] hash(List<byte[]> leaves) {
        var digest = Digests.sha256();
        switch (leaves.size()) {
            case 0 -> {}
            case 1 -> {
                digest.update(LEAF);
                digest.update(leaves.getFirst());
            }
            default -> {
                int left = Integer.highestOneBit(leaves.size() - 1);
                digest.update(NODE);
                digest.update(hash(leaves.subList(0, left)));
                digest.update(hash(leaves.subList(left, leaves.size())));
            }
        }
        return digest.digest();
    }
}
