package dev.gyre.llm.text.jinja;

import dev.gyre.llm.text.jinja.Values.Namespace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/// The functions that a template finds: of Jinja, and of transformers.
final class Functions {

    private static final long LONGEST_RANGE = 100_000;

    private Functions() {}

    static Map<String, Object> all(Budget budget) {
        return Map.of(
                "range",
                (Callable) given -> range(given, budget),
                "namespace",
                (Callable) given -> {
                    var space = new Namespace();
                    given.positional()
                            .forEach(each ->
                                    dictionary(each).forEach((key, value) -> space.values.put(key.toString(), value)));
                    space.values.putAll(given.named());
                    return space;
                },
                "dict",
                (Callable) given -> {
                    var map = new LinkedHashMap<Object, Object>();
                    given.positional().forEach(each -> map.putAll(dictionary(each)));
                    map.putAll(given.named());
                    return map;
                },
                "raise_exception",
                (Callable) given -> {
                    throw new TemplateException(
                            "the template refuses: " + Values.text(given.need(0, "message"), budget));
                });
    }

    private static Map<?, ?> dictionary(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new TemplateException("%s is no dictionary".formatted(Values.type(value)));
    }

    private static Object range(Given given, Budget budget) {
        long first = Values.whole(given.need(0, "start"));
        boolean single = given.size() == 1;
        long start = single ? 0 : first;
        long end = single ? first : given.whole(1, "stop", 0);
        long step = given.whole(2, "step", 1);
        if (step == 0) {
            throw new TemplateException("the step of range is 0");
        }
        var all = new ArrayList<Object>();
        for (long i = start; step > 0 ? i < end : i > end; i = Math.addExact(i, step)) {
            all.add(i);
            budget.step();
            if (all.size() > LONGEST_RANGE) {
                throw new TemplateException("range is longer than %d".formatted(LONGEST_RANGE));
            }
        }
        return all;
    }
}
