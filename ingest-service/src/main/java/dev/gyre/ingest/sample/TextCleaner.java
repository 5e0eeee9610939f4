package dev.gyre.ingest.sample;

import java.text.Normalizer;

/// Makes texts that read the same be the same: NFC, lines ended by LF, no control characters, no space around.
final class TextCleaner {

    private TextCleaner() {}

    static String clean(String text) {
        var lines = text.replace("\r\n", "\n").replace('\r', '\n');
        var visible = new StringBuilder(lines.length());
        lines.codePoints().filter(TextCleaner::isText).forEach(visible::appendCodePoint);
        return Normalizer.normalize(visible, Normalizer.Form.NFC).strip();
    }

    private static boolean isText(int character) {
        return character == '\n'
                || character == '\t'
                || (Character.getType(character) != Character.CONTROL && character != '\uFEFF');
    }
}
