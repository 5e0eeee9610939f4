package dev.gyre.llm.text.jinja;

import java.util.AbstractList;
import java.util.List;

/// Python's tuple, which differs from a list only where it is shown.
final class Tuple extends AbstractList<Object> {

    private final List<Object> elements;

    Tuple(List<Object> elements) {
        this.elements = elements;
    }

    static Tuple of(Object... elements) {
        return new Tuple(List.of(elements));
    }

    @Override
    public Object get(int index) {
        return elements.get(index);
    }

    @Override
    public int size() {
        return elements.size();
    }
}
