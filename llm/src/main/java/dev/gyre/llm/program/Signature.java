package dev.gyre.llm.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// A function of a program: its name, what it takes in order, and what it answers.
record Signature(String name, List<Kind> takes, Kind answers) {

    private static final Pattern FUNCTION = Pattern.compile(
            "^(?: {2})?def (\\w+)\\((?:self: __torch__\\.M(?:, )?)?(.*)\\) -> (.+):$", Pattern.MULTILINE);
    private static final Pattern PARAMETER = Pattern.compile("\\w+ ?: ?(\\w+(?:\\[[^]]*])?)");

    Signature {
        takes = List.copyOf(takes);
    }

    /// The functions that a program's text defines, in its order.
    static List<Signature> all(String text) {
        var found = new ArrayList<Signature>();
        var function = FUNCTION.matcher(text);
        while (function.find()) {
            var takes = PARAMETER
                    .matcher(function.group(2))
                    .results()
                    .map(parameter -> Kind.of(parameter.group(1)))
                    .toList();
            found.add(new Signature(function.group(1), takes, Kind.of(function.group(3))));
        }
        return found;
    }

    /// Refuses arguments that this function does not take.
    ///
    /// @param program the function's own, for the message
    void check(String program, Object[] arguments) {
        boolean fits = arguments.length == takes.size();
        for (int i = 0; fits && i < arguments.length; i++) {
            fits = takes.get(i).holds(arguments[i]);
        }
        if (!fits) {
            throw new IllegalArgumentException("%s.torchscript: %s is called with %s"
                    .formatted(
                            program,
                            this,
                            Arrays.stream(arguments)
                                    .map(argument -> argument.getClass().getSimpleName())
                                    .toList()));
        }
    }

    @Override
    public String toString() {
        return "%s(%s) -> %s"
                .formatted(
                        name,
                        String.join(", ", takes.stream().map(Kind::toString).toList()),
                        answers);
    }
}
