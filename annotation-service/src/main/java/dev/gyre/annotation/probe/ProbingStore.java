package dev.gyre.annotation.probe;

import dev.gyre.annotation.project.Project;
import dev.gyre.events.Annotator;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jdbi.v3.core.Jdbi;

/// Keeps how often a project asks what is known or was said before, and draws accordingly. What a project says is
/// looked up
/// every few seconds at most, since every lending draws.
@ApplicationScoped
class ProbingStore {

    private static final int MOST_REMEMBERED = 1000;
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Jdbi jdbi;
    private final ProbingConfig config;
    private final DoubleSupplier dice;
    private final Map<String, Known> remembered = new ConcurrentHashMap<>();

    ProbingStore(Jdbi jdbi, ProbingConfig config) {
        this.jdbi = jdbi;
        this.config = config;
        this.dice = () -> ThreadLocalRandom.current().nextDouble();
    }

    private record Known(Probing probing, boolean hasGold, long readNanos) {

        boolean isFresh() {
            return System.nanoTime() - readNanos < FRESH.toNanos();
        }
    }

    /// How many of the next tasks are probes.
    ///
    /// @param after how many others a person has judged before a task comes again
    record Drawn(int gold, int repeats, int after) {}

    Drawn draw(Project project, Annotator annotator, int count) {
        var known = known(project.id());
        int gold = 0;
        int repeats = 0;
        for (int place = 0; place < count; place++) {
            switch (known.probing().kind(dice.getAsDouble())) {
                case GOLD -> gold++;
                case REPEAT -> repeats++;
                case TASK -> {}
            }
        }
        return new Drawn(
                known.hasGold() ? gold : 0,
                annotator.kind() == Annotator.Kind.HUMAN ? repeats : 0,
                known.probing().repeatAfter());
    }

    Probing of(Project project) {
        return known(project.id()).probing();
    }

    private Known known(String project) {
        var before = remembered.get(project);
        if (before != null && before.isFresh()) {
            return before;
        }
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        var known = read(project);
        remembered.put(project, known);
        return known;
    }

    private Known read(String project) {
        return jdbi.withHandle(handle -> new Known(
                handle.createQuery(
                                "select gold_share, repeat_share, repeat_after from probing where project = :project")
                        .bind("project", project)
                        .mapTo(Probing.class)
                        .findOne()
                        .orElseGet(config::probing),
                handle.createQuery("select exists (select 1 from gold where project = :project)")
                        .bind("project", project)
                        .mapTo(boolean.class)
                        .one(),
                System.nanoTime()));
    }

    @Transactional
    void put(Project project, Probing probing) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into probing (project, gold_share, repeat_share, repeat_after)
                        values (:project, :goldShare, :repeatShare, :repeatAfter)
                        on conflict (project) do update set gold_share = excluded.gold_share,
                            repeat_share = excluded.repeat_share, repeat_after = excluded.repeat_after""")
                .bind("project", project.id())
                .bindMethods(probing)
                .execute());
        forget(project.id());
    }

    /// Looks again at the next lending.
    void forget(String project) {
        remembered.remove(project);
    }
}
