package dev.gyre.llm.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What is wrong with rows before anything is learned from them.
///
/// @param rows number of rows looked at
/// @param tooLong rows with more tokens than the model reads at once
/// @param endless rows whose end token is not learned within the context: a model learns from them
/// never to stop
/// @param thin rows with almost nothing to learn from
public record Preflight(int rows, List<Row> tooLong, List<Row> endless, List<Row> thin) {

    private static final String LEARNED = "\u001b[32m";
    private static final String GIVEN = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    /// A row.
    ///
    /// @param number from 1
    /// @param tokens in the whole row
    /// @param learned of these within the context
    public record Row(int number, int tokens, int learned) {}

    public Preflight {
        tooLong = List.copyOf(tooLong);
        endless = List.copyOf(endless);
        thin = List.copyOf(thin);
    }

    /// Looks at rows.
    ///
    /// @param context most tokens that the model reads at once, 1 or more
    /// @param fewest tokens to learn from that a row should have, 0 or more
    /// @param share of the row's tokens within the context that should be learned, 0 to 1
    public static Preflight of(
            Iterable<MaskedTokens> rows, Tokenizer tokenizer, int context, int fewest, double share) {
        var look = new Look(tokenizer.stops(), context, fewest, share);
        int number = 0;
        for (var tokens : rows) {
            look.at(++number, Sequence.of(tokens));
        }
        return look.found();
    }

    /// A look at rows, one after the other.
    public static final class Look {

        private final Set<Long> stops;
        private final int context;
        private final int fewest;
        private final double share;
        private final List<Row> tooLong = new ArrayList<>();
        private final List<Row> endless = new ArrayList<>();
        private final List<Row> thin = new ArrayList<>();
        private int rows;

        /// @param stops the tokens that end a text
        /// @param context most tokens that the model reads at once, 1 or more
        /// @param fewest tokens to learn from that a row should have, 0 or more
        /// @param share of the row's tokens within the context that should be learned, 0 to 1
        public Look(Set<Long> stops, int context, int fewest, double share) {
            if (context < 1 || fewest < 0 || !(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "context is %d, fewest %d, share %s; must be 1 or more, 0 or more, 0 to 1"
                                .formatted(context, fewest, share));
            }
            this.stops = Set.copyOf(stops);
            this.context = context;
            this.fewest = fewest;
            this.share = share;
        }

        /// Looks at the next row.
        public void at(int number, Sequence tokens) {
            rows++;
            int length = Math.min(context, tokens.length());
            int learned = 0;
            boolean ends = false;
            for (int i = 1; i < length; i++) {
                if (tokens.learns(i)) {
                    learned++;
                    ends |= stops.contains(tokens.id(i));
                }
            }
            var row = new Row(number, tokens.length(), learned);
            if (tokens.length() > context) {
                tooLong.add(row);
            }
            if (!ends) {
                endless.add(row);
            }
            if (learned < fewest || learned < share * length || learned == 0) {
                thin.add(row);
            }
        }

        /// What was found so far.
        public Preflight found() {
            return new Preflight(rows, tooLong, endless, thin);
        }
    }

    public boolean ok() {
        return tooLong.isEmpty() && endless.isEmpty() && thin.isEmpty();
    }

    /// A row in the colours of a terminal: green what is learned, dim what is given; control
    /// characters made visible, tokens without text as `[id]`.
    public static String terminal(MaskedTokens row) {
        var made = new StringBuilder();
        for (var part : parts(row)) {
            made.append(part.learned() ? LEARNED : GIVEN)
                    .append(visible(part.text()))
                    .append(PLAIN);
        }
        return made.toString();
    }

    /// A row without colours: `⟦ ⟧` around what is learned, all else as in [#terminal].
    public static String plain(MaskedTokens row) {
        var made = new StringBuilder();
        for (var part : parts(row)) {
            var text = visible(part.text());
            made.append(part.learned() ? "⟦" + text + "⟧" : text);
        }
        return made.toString();
    }

    /// A row as an HTML element: `mark` around what is learned, all else escaped text.
    public static String html(MaskedTokens row) {
        var made = new StringBuilder("<pre class=\"mask\">");
        for (var part : parts(row)) {
            var text = visible(part.text())
                    .replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("\"", "&quot;");
            made.append(part.learned() ? "<mark>" + text + "</mark>" : text);
        }
        return made.append("</pre>").toString();
    }

    private record Part(boolean learned, String text) {}

    private static List<Part> parts(MaskedTokens row) {
        var characters = row.text().codePoints().toArray();
        var learned = new boolean[characters.length];
        var before = new StringBuilder();
        var parts = new ArrayList<Part>();
        var behind = new ArrayList<Part>();
        boolean begun = false;
        for (int i = 0; i < row.length(); i++) {
            var span = row.spans().get(i);
            boolean mark = row.learned().get(i);
            begun |= span.end() > span.start();
            if (span.end() <= span.start()) {
                (begun ? behind : parts)
                        .add(new Part(mark, "[%d]".formatted(row.ids().get(i))));
            }
            for (int at = span.start(); at < Math.min(span.end(), learned.length); at++) {
                learned[at] |= mark;
            }
        }
        for (int at = 0; at < characters.length; at++) {
            before.appendCodePoint(characters[at]);
            if (at + 1 == characters.length || learned[at + 1] != learned[at]) {
                parts.add(new Part(learned[at], before.toString()));
                before.setLength(0);
            }
        }
        parts.addAll(behind);
        return parts;
    }

    private static String visible(String text) {
        var made = new StringBuilder();
        text.codePoints().forEach(each -> {
            if (each != '\n' && each != '\t' && Character.isISOControl(each)) {
                made.append("\\x%02x".formatted(each));
            } else {
                made.appendCodePoint(each);
            }
        });
        return made.toString();
    }
}
