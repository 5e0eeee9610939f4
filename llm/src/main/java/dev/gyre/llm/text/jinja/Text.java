package dev.gyre.llm.text.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Strings as Python handles them, by code points.
final class Text {

    private Text() {}

    static boolean isSpace(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || character == 0x85;
    }

    private static boolean strips(int character, @Nullable String set) {
        return set == null ? isSpace(character) : set.indexOf(character) >= 0;
    }

    static String stripLeft(String text, @Nullable String set) {
        int start = 0;
        while (start < text.length() && strips(text.codePointAt(start), set)) {
            start += Character.charCount(text.codePointAt(start));
        }
        return text.substring(start);
    }

    static String stripRight(String text, @Nullable String set) {
        int end = text.length();
        while (end > 0 && strips(text.codePointBefore(end), set)) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    static List<Object> characters(String text) {
        var all = new ArrayList<Object>();
        text.codePoints().forEach(each -> all.add(Character.toString(each)));
        return all;
    }

    /// `str.split()`: words between white space, at most `most` cuts where that is not negative.
    static List<Object> words(String text, long most) {
        var words = new ArrayList<Object>();
        var rest = stripLeft(text, null);
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && !isSpace(rest.charAt(end))) {
                end++;
            }
            if (words.size() == most) {
                words.add(stripRight(rest, null));
                return words;
            }
            words.add(rest.substring(0, end));
            rest = stripLeft(rest.substring(end), null);
        }
        return words;
    }

    static List<Object> split(String text, String separator, long most) {
        var parts = new ArrayList<Object>();
        int from = 0;
        int found = text.indexOf(separator);
        while (found >= 0 && parts.size() != most) {
            parts.add(text.substring(from, found));
            from = found + separator.length();
            found = text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    static List<Object> splitFromRight(String text, String separator, long most) {
        var parts = new ArrayList<Object>();
        int to = text.length();
        int found = text.lastIndexOf(separator);
        while (found >= 0 && parts.size() != most) {
            parts.addFirst(text.substring(found + separator.length(), to));
            to = found;
            found = text.lastIndexOf(separator, to - separator.length());
        }
        parts.addFirst(text.substring(0, to));
        return parts;
    }

    static String replace(String text, String old, String with, long most) {
        if (most < 0) {
            return text.replace(old, with);
        }
        var made = new StringBuilder();
        int from = 0;
        int found = text.indexOf(old);
        for (long count = 0; found >= 0 && count < most; count++) {
            made.append(text, from, found).append(with);
            from = found + old.length();
            found = text.indexOf(old, from);
        }
        return made.append(text.substring(from)).toString();
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        return Character.toString(Character.toTitleCase(first))
                + text.substring(Character.charCount(first)).toLowerCase(java.util.Locale.ROOT);
    }

    /// Each word with a capital; a letter begins a word where none stands before it.
    static String title(String text) {
        var made = new StringBuilder();
        boolean inside = false;
        for (int each : text.codePoints().toArray()) {
            made.appendCodePoint(inside ? Character.toLowerCase(each) : Character.toTitleCase(each));
            inside = Character.isLetter(each);
        }
        return made.toString();
    }

    /// A number as Python writes it: the shortest digits, an exponent below 1e-4 and from 1e16 on.
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        var exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            var plain = exact.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        var digits = exact.unscaledValue().abs().toString();
        return "%s%s%se%s%02d"
                .formatted(
                        value < 0 ? "-" : "",
                        digits.substring(0, 1),
                        digits.length() > 1 ? "." + digits.substring(1) : "",
                        exponent < 0 ? "-" : "+",
                        Math.abs(exponent));
    }

    /// A string between quotes as Python shows it.
    static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        var made = new StringBuilder().append(quote);
        text.codePoints().forEach(each -> {
            switch (each) {
                case '\n' -> made.append("\\n");
                case '\r' -> made.append("\\r");
                case '\t' -> made.append("\\t");
                case '\\' -> made.append("\\\\");
                default -> {
                    if (each == quote) {
                        made.append('\\').append(quote);
                    } else if (each < 0x20 || each == 0x7f) {
                        made.append("\\x%02x".formatted(each));
                    } else {
                        made.appendCodePoint(each);
                    }
                }
            }
        });
        return made.append(quote).toString();
    }

    /// The value of a literal's inside.
    static String unescape(String literal) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        var made = new StringBuilder();
        int i = 0;
        while (i < literal.length()) {
            char each = literal.charAt(i);
            if (each != '\\' || i + 1 >= literal.length()) {
                made.append(each);
                i++;
                continue;
            }
            char code = literal.charAt(i + 1);
            int hex = code == 'x' ? 2 : code == 'u' ? 4 : code == 'U' ? 8 : 0;
            if (hex > 0) {
                if (i + 2 + hex > literal.length()) {
                    throw new IllegalArgumentException("escape");
                }
                made.appendCodePoint(Integer.parseInt(literal, i + 2, i + 2 + hex, 16));
                i += 2 + hex;
            } else if (code >= '0' && code <= '7') {
                int end = i + 2;
                while (end < literal.length()
                        && end < i + 4
                        && literal.charAt(end) >= '0'
                        && literal.charAt(end) <= '7') {
                    end++;
                }
                made.appendCodePoint(Integer.parseInt(literal, i + 1, end, 8));
                i = end;
            } else {
                int known = "nrtabfv\\'\"\n".indexOf(code);
                made.append(
                        known < 0
                                ? "\\" + code
                                : List.of("\n", "\r", "\t", "\u0007", "\b", "\f", "\u000b", "\\", "'", "\"", "")
                                        .get(known));
                i += 2;
            }
        }
        return made.toString();
    }
}
