package dev.gyre.llm.text.jinja;

import dev.gyre.llm.text.jinja.Values.None;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The values given to a function, filter or test.
record Given(List<Object> positional, Map<String, Object> named) {

    static final Given NOTHING = new Given(List.of(), Map.of());

    int size() {
        return positional.size() + named.size();
    }

    /// The value at a place or under a name; null where it is not given.
    @Nullable
    Object get(int index, String name) {
        return index < positional.size() ? positional.get(index) : named.get(name);
    }

    Object need(int index, String name) {
        var value = get(index, name);
        if (value == null) {
            throw new TemplateException("the argument %s is missing".formatted(name));
        }
        return value;
    }

    String text(int index, String name) {
        if (need(index, name) instanceof String text) {
            return text;
        }
        throw new TemplateException("the argument %s must be a string".formatted(name));
    }

    @Nullable
    String textOrNull(int index, String name) {
        var value = get(index, name);
        return value == null || value == None.NONE ? null : text(index, name);
    }

    long whole(int index, String name, long otherwise) {
        var value = get(index, name);
        return value == null || value == None.NONE ? otherwise : Values.whole(value);
    }

    boolean truth(int index, String name) {
        var value = get(index, name);
        return value != null && Values.truth(value);
    }

    /// Everything after the first values.
    Given after(int count) {
        return new Given(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }
}
