package dev.gyre.registry.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Passes bytes on, always one piece late: the last piece leaves only after the source has proved to be whole.
///
/// A source that fails at its end, because its digest is wrong, thus never yields a transfer of full length.
final class Transfer {

    private static final int PIECE = 1 << 16;

    private Transfer() {}

    static void copy(InputStream source, OutputStream target) throws IOException {
        var held = source.readNBytes(PIECE);
        while (true) {
            var next = source.readNBytes(PIECE);
            target.write(held);
            if (next.length == 0) {
                return;
            }
            held = next;
        }
    }
}
