package dev.gyre.delivery;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/// What a fact came from: the story it belongs to, the fact before it, and how far it is from a person.
///
/// @param correlation the story, the same from its first fact to its last; a training run's is its id
/// @param causation id of the fact that led to this one, none at the beginning of a story
/// @param depth 0 wherever a person or the outside world speaks, one more with every fact that follows from a fact
public record Cause(String correlation, @Nullable String causation, int depth) {

    /// A fact deeper than this is refused: no loop runs away.
    public static final int DEEPEST = 32;

    private static final String TRACE = "trace";
    private static final ScopedValue<Cause> CURRENT = ScopedValue.newInstance();

    /// The beginning of a new story.
    public static Cause outside() {
        return outside(UUID.randomUUID().toString());
    }

    /// The beginning of the story with this name.
    public static Cause outside(String correlation) {
        return new Cause(correlation, null, 0);
    }

    /// The cause of what this thread does now; a new story where nobody has said one.
    public static Cause current() {
        return CURRENT.isBound() ? CURRENT.get() : outside();
    }

    /// Reads what [#encoded] wrote.
    public static Cause decode(String encoded) {
        var parts = encoded.split("\\|", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("cause '%s' must be correlation|causation|depth".formatted(encoded));
        }
        return new Cause(parts[0], parts[1].isEmpty() ? null : parts[1], Integer.parseInt(parts[2]));
    }

    /// One line that a row of recorded work keeps, so that the worker can speak in the same story later.
    public String encoded() {
        return "%s|%s|%d".formatted(correlation, causation == null ? "" : causation, depth);
    }

    /// Runs the work in this story: facts told meanwhile carry it, lines of the log its trace id.
    public void run(Runnable work) {
        call(() -> {
            work.run();
            return this;
        });
    }

    /// Calls the work in this story.
    public <T, X extends Throwable> T call(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(() -> {
            var outer = MDC.get(TRACE);
            MDC.put(TRACE, trace());
            try {
                return work.call();
            } finally {
                if (outer == null) {
                    MDC.remove(TRACE);
                } else {
                    MDC.put(TRACE, outer);
                }
            }
        });
    }

    /// W3C trace id of this story, 32 hex digits: the story's name gives it, so that every service says the same.
    public String trace() {
        return UUID.nameUUIDFromBytes(correlation.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }

    /// W3C trace context of a fact in this story.
    String traceparent(UUID event) {
        return "00-%s-%016x-01".formatted(trace(), event.getLeastSignificantBits());
    }
}
