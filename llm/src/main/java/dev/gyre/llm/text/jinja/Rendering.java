package dev.gyre.llm.text.jinja;

import java.util.List;

/// What a template made.
///
/// @param generated what stands between `{% generation %}` and `{% endgeneration %}`, in order
public record Rendering(String text, List<Span> generated) {

    public Rendering {
        generated = List.copyOf(generated);
    }
}
