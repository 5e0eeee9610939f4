package dev.gyre.annotation.quality;

import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.QuestionKind;
import dev.gyre.annotation.quality.Material.Stamp;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps the figures of each project and works them out again, aside, when there are new judgements: whoever asks gets
/// those that are there, and only the first who asks about a project waits.
@ApplicationScoped
class QualityWorker {

    private static final int MOST_REMEMBERED = 200;
    /// Of the time at most one tenth goes into the figures of a project, however many judgements it has.
    private static final int REST = 9;

    private final QualityStore store;
    private final QualityConfig config;
    private final Map<String, Figures> kept = new ConcurrentHashMap<>();
    private final Set<String> working = ConcurrentHashMap.newKeySet();

    QualityWorker(QualityStore store, QualityConfig config) {
        this.store = store;
        this.config = config;
    }

    /// @param lookedNanos when it was last looked whether there are new judgements
    private record Figures(QualityReport report, Stamp stamp, long lookedNanos) {

        boolean isOlderThan(Duration pause) {
            var rest = Duration.ofMillis(REST * report.computedMillis());
            return System.nanoTime() - lookedNanos > Math.max(pause.toNanos(), rest.toNanos());
        }
    }

    QualityReport of(Project project) {
        var figures = kept.get(project.id());
        if (figures == null) {
            if (kept.size() >= MOST_REMEMBERED) {
                kept.clear();
            }
            return kept.computeIfAbsent(project.id(), ignored -> workOut(project))
                    .report();
        }
        if (figures.isOlderThan(config.pause()) && working.add(project.id())) {
            Thread.ofVirtual().name("quality").start(() -> renew(project, figures));
        }
        return figures.report();
    }

    private void renew(Project project, Figures old) {
        try {
            boolean same = store.stamp(project.id()).equals(old.stamp());
            kept.put(project.id(), same ? new Figures(old.report(), old.stamp(), System.nanoTime()) : workOut(project));
        } catch (RuntimeException outage) {
            Log.warnf("quality of project %s waits reason=%s", project.id(), outage.toString());
        } finally {
            working.remove(project.id());
        }
    }

    private Figures workOut(Project project) {
        var material = store.material(project.id());
        var report = Assessment.of(material, project.question().kind() instanceof QuestionKind.Pairwise, config.settings());
        return new Figures(report, material.stamp(), System.nanoTime());
    }
}
