package dev.gyre.ingest.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Reads UTF-8 so that what is broken stays visible: each malformed sequence becomes [#BROKEN].
///
/// The mark is a Unicode noncharacter, which no honest text contains, so one broken row is told from its neighbours
/// whatever the format around it.
public final class Utf8 {

    static final char BROKEN = '\uFDD0';

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private Utf8() {}

    /// A reader of the stream, past its byte order mark.
    public static Reader reader(InputStream bytes) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(bytes, decoder()), 1 << 16);
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        return reader;
    }

    public static String decode(ByteBuffer bytes) {
        try {
            return decoder().decode(bytes).toString();
        } catch (CharacterCodingException impossible) {
            throw new UncheckedIOException("malformed bytes are replaced, not reported", impossible);
        }
    }

    /// Where the text cannot be UTF-8, counted from 0; −1 where it can.
    static int brokenAt(String text) {
        for (var at = 0; at < text.length(); at++) {
            var character = text.charAt(at);
            if (character == BROKEN) {
                return at;
            }
            if (Character.isSurrogate(character)) {
                if (!Character.isHighSurrogate(character)
                        || at + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(at + 1))) {
                    return at;
                }
                at++;
            }
        }
        return -1;
    }

    private static CharsetDecoder decoder() {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .replaceWith(String.valueOf(BROKEN));
    }
}
