package dev.gyre.artifacts;

import dev.gyre.events.ArtifactRef;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// A stream that fails at its end unless its bytes have the digest that was promised.
final class VerifiedStream extends FilterInputStream {

    private final ArtifactRef ref;
    private final MessageDigest digest = Digests.sha256();
    private boolean ended;

    VerifiedStream(InputStream in, ArtifactRef ref) {
        super(in);
        this.ref = ref;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        var read = super.read(target, offset, length);
        if (read > 0) {
            digest.update(target, offset, read);
        } else if (read < 0 && !ended) {
            ended = true;
            var found = Digests.hex(digest);
            if (!found.equals(ref.sha256())) {
                throw new IOException("artifact %s has digest %s, must be %s: the store lost or changed bytes"
                        .formatted(ref.location(), found, ref.sha256()));
            }
        }
        return read;
    }

    /// Skipping reads, so that nothing escapes the digest.
    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 1 << 16)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
