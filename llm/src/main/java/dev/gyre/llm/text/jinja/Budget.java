package dev.gyre.llm.text.jinja;

/// Counts what a rendering has used of its limits.
final class Budget {

    private final Limits limits;
    private long steps;
    private long characters;
    private int depth;

    Budget(Limits limits) {
        this.limits = limits;
    }

    void step() {
        steps(1);
    }

    void steps(long more) {
        steps += more;
        if (steps > limits.steps()) {
            throw new TemplateException("the template took more than %d steps".formatted(limits.steps()));
        }
    }

    /// A string or list of this size is about to be made.
    void make(long size) {
        characters += size;
        steps(size / 16);
        if (characters > limits.characters()) {
            throw new TemplateException("the template made more than %d characters".formatted(limits.characters()));
        }
    }

    String made(String text) {
        make(text.length());
        return text;
    }

    void enter() {
        depth++;
        if (depth > limits.depth()) {
            throw new TemplateException(
                    "the template is nested or calls itself more than %d deep".formatted(limits.depth()));
        }
    }

    void leave() {
        depth--;
    }
}
