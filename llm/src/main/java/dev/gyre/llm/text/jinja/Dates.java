package dev.gyre.llm.text.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// `strftime` in English.
final class Dates {

    private Dates() {}

    static String format(String format, LocalDateTime time) {
        var made = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char each = format.charAt(i);
            if (each != '%' || i + 1 == format.length()) {
                made.append(each);
                continue;
            }
            i++;
            char code = format.charAt(i);
            boolean unpadded = code == '-' && i + 1 < format.length();
            if (unpadded) {
                i++;
                code = format.charAt(i);
            }
            var text = field(code, time);
            made.append(unpadded ? text.replaceFirst("^0+(?=\\d)", "") : text);
        }
        return made.toString();
    }

    private static String field(char code, LocalDateTime time) {
        var pattern = switch (code) {
            case 'Y' -> "yyyy";
            case 'y' -> "yy";
            case 'm' -> "MM";
            case 'd' -> "dd";
            case 'B' -> "MMMM";
            case 'b', 'h' -> "MMM";
            case 'A' -> "EEEE";
            case 'a' -> "EEE";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'p' -> "a";
            case 'j' -> "DDD";
            case 'f' -> "SSSSSS";
            case 'F' -> "yyyy-MM-dd";
            case 'T' -> "HH:mm:ss";
            case 'D' -> "MM/dd/yy";
            case '%' -> "'%'";
            default -> throw new TemplateException("strftime knows no %%%s".formatted(code));
        };
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    }
}
