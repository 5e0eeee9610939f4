package dev.gyre.llm.text.jinja;

/// A piece of a template's source.
///
/// @param text what it stands for; of a string its value, of data the text to print
record Token(Kind kind, String text, int line) {

    enum Kind {
        DATA,
        PRINT_BEGIN,
        PRINT_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind other, String content) {
        return kind == other && text.equals(content);
    }
}
