package dev.gyre.llm.text.jinja;

import dev.gyre.llm.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into tokens, with the white space control of `trim_blocks` and `lstrip_blocks`.
final class Lexer {

    private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%\\}");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern FLOAT =
            Pattern.compile("\\d+(_\\d+)*((\\.\\d+(_\\d+)*)([eE][+-]?\\d+)?|[eE][+-]?\\d+)");
    private static final Pattern INTEGER = Pattern.compile("\\d+(_\\d+)*");
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+*/%~\\[\\](){}<>=.:|,;]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    /// What the tag before does to the data that follows it.
    private boolean eatSpace;

    private boolean eatNewline;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        var source = template.replace("\r\n", "\n").replace('\r', '\n');
        var lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.read();
        return lexer.tokens;
    }

    private void read() {
        while (at < source.length()) {
            int open = nextOpen();
            data(at, open);
            if (open == source.length()) {
                break;
            }
            at = open;
            switch (source.charAt(open + 1)) {
                case '#' -> comment();
                case '%' -> block();
                default -> print();
            }
        }
        tokens.add(new Token(Kind.END, "the end of the template", line));
    }

    private int nextOpen() {
        for (int i = at; i + 1 < source.length(); i++) {
            char second = source.charAt(i + 1);
            if (source.charAt(i) == '{' && (second == '{' || second == '%' || second == '#')) {
                return i;
            }
        }
        return source.length();
    }

    /// Adds the data up to an opening, stripped as the tags on both sides say.
    private void data(int from, int open) {
        int start = from;
        if (eatSpace) {
            while (start < open && Text.isSpace(source.charAt(start))) {
                start++;
            }
        } else if (eatNewline && start < open && source.charAt(start) == '\n') {
            start++;
        }
        int end = open;
        char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
        if (open < source.length() && sign == '-') {
            while (end > start && Text.isSpace(source.charAt(end - 1))) {
                end--;
            }
        } else if (open < source.length() && sign != '+' && source.charAt(open + 1) != '{') {
            int blank = end;
            while (blank > start && source.charAt(blank - 1) != '\n' && Text.isSpace(source.charAt(blank - 1))) {
                blank--;
            }
            if (blank == 0 || source.charAt(blank - 1) == '\n') {
                end = blank;
            }
        }
        if (end > start) {
            tokens.add(new Token(Kind.DATA, source.substring(start, end), line));
        }
        countLines(from, open);
        eatSpace = false;
        eatNewline = false;
    }

    private void countLines(int from, int to) {
        for (int i = from; i < to; i++) {
            line += source.charAt(i) == '\n' ? 1 : 0;
        }
    }

    private void comment() {
        int end = source.indexOf("#}", at + 2);
        if (end < 0) {
            throw failure("the comment does not end");
        }
        char sign = source.charAt(end - 1);
        eatSpace = sign == '-' && end - 1 >= at + 2;
        eatNewline = sign != '+';
        countLines(at, end);
        at = end + 2;
    }

    private void block() {
        var raw = RAW.matcher(source).region(at, source.length());
        if (raw.lookingAt()) {
            raw(raw);
            return;
        }
        tokens.add(new Token(Kind.BLOCK_BEGIN, "{%", line));
        at += 2;
        sign();
        inside("%}", Kind.BLOCK_END);
    }

    private void print() {
        tokens.add(new Token(Kind.PRINT_BEGIN, "{{", line));
        at += 2;
        sign();
        inside("}}", Kind.PRINT_END);
        eatNewline = false;
    }

    private void sign() {
        if (at < source.length() && (source.charAt(at) == '-' || source.charAt(at) == '+')) {
            at++;
        }
    }

    private void raw(Matcher begin) {
        var end = RAW_END.matcher(source);
        if (!end.find(begin.end())) {
            throw failure("the raw block does not end");
        }
        var text = source.substring(begin.end(), end.start());
        text = begin.group(1).isEmpty()
                ? (text.startsWith("\n") ? text.substring(1) : text)
                : Text.stripLeft(text, null);
        if (end.group(1).equals("-")) {
            text = Text.stripRight(text, null);
        } else if (end.group(1).isEmpty()) {
            int newline = text.lastIndexOf('\n') + 1;
            text = text.substring(newline).isBlank() ? text.substring(0, newline) : text;
        }
        tokens.add(new Token(Kind.DATA, text, line));
        countLines(at, end.end());
        at = end.end();
        eatSpace = end.group(2).equals("-");
        eatNewline = end.group(2).isEmpty();
    }

    private void inside(String close, Kind kind) {
        int braces = 0;
        while (true) {
            while (at < source.length() && Text.isSpace(source.charAt(at))) {
                line += source.charAt(at) == '\n' ? 1 : 0;
                at++;
            }
            if (at >= source.length()) {
                throw failure("%s is missing".formatted(close));
            }
            boolean minus = source.startsWith("-" + close, at);
            boolean plus = close.equals("%}") && source.startsWith("+" + close, at);
            if (braces == 0 && (minus || plus || source.startsWith(close, at))) {
                at += close.length() + (minus || plus ? 1 : 0);
                tokens.add(new Token(kind, close, line));
                eatSpace = minus;
                eatNewline = !plus;
                return;
            }
            braces += token();
        }
    }

    /// Reads one token.
    ///
    /// @return by how many brackets the nesting grows
    private int token() {
        char first = source.charAt(at);
        if (first == '\'' || first == '"') {
            string(first);
            return 0;
        }
        if (take(FLOAT, Kind.FLOAT) || take(INTEGER, Kind.INTEGER) || take(NAME, Kind.NAME)) {
            return 0;
        }
        if (take(OPERATOR, Kind.OPERATOR)) {
            return "([{".indexOf(first) >= 0 ? 1 : ")]}".indexOf(first) >= 0 ? -1 : 0;
        }
        throw failure("unexpected %s".formatted(new String(Character.toChars(source.codePointAt(at)))));
    }

    private boolean take(Pattern pattern, Kind kind) {
        var matcher = pattern.matcher(source).region(at, source.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        tokens.add(new Token(kind, matcher.group(), line));
        at = matcher.end();
        return true;
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw failure("the string does not end");
        }
        try {
            tokens.add(new Token(Kind.STRING, Text.unescape(source.substring(at + 1, end)), line));
        } catch (IllegalArgumentException broken) {
            throw failure("the string holds a broken escape");
        }
        countLines(at, end);
        at = end + 1;
    }

    private TemplateException failure(String message) {
        return new TemplateException(line, new TemplateException(message));
    }
}
