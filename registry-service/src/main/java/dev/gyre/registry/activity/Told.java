package dev.gyre.registry.activity;

import dev.gyre.delivery.FactJson;
import dev.gyre.events.Fact;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A fact as it was told.
///
/// @param event the fact's own id
/// @param cause id of the fact that led to it, none where a person or the outside world spoke
record Told(Instant time, String event, @Nullable String cause, Fact fact) {

    /// Nothing where the fact is of a type that this version does not know.
    static Optional<Told> of(Activity activity) {
        return FactJson.read(activity.payload().getBytes(StandardCharsets.UTF_8), Topics.kind(activity.topic()))
                .map(fact -> new Told(activity.time(), activity.event(), activity.causation(), fact));
    }

    /// What is of one kind, in its order.
    static <F extends Fact> List<F> facts(List<Told> told, Class<F> kind) {
        return told.stream()
                .map(Told::fact)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    static Optional<Told> first(List<Told> told, Class<? extends Fact> kind) {
        return told.stream().filter(it -> kind.isInstance(it.fact())).findFirst();
    }

    static Optional<Told> last(List<Told> told, Class<? extends Fact> kind) {
        return told.stream().filter(it -> kind.isInstance(it.fact())).reduce((earlier, later) -> later);
    }
}
