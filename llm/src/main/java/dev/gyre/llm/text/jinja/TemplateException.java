package dev.gyre.llm.text.jinja;

/// A template that cannot be read, that failed, or that refused what it was given.
public final class TemplateException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    TemplateException(String message) {
        super(message);
    }

    TemplateException(int line, TemplateException cause) {
        super("template line %d: %s".formatted(line, cause.getMessage()), cause);
    }
}
