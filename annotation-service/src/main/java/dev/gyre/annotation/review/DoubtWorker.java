package dev.gyre.annotation.review;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Works out the doubts of a project aside while somebody looks at its queue; until then, disagreement alone counts.
@ApplicationScoped
class DoubtWorker {

    private static final int MOST_REMEMBERED = 1000;
    private static final long LEAST_REST_NANOS = 500_000_000;
    /// Of the time at most one tenth goes into the doubts of a project.
    private static final int REST = 9;

    private final DoubtStore doubts;
    private final Set<String> working = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> restsUntil = new ConcurrentHashMap<>();

    DoubtWorker(DoubtStore doubts) {
        this.doubts = doubts;
    }

    /// Somebody looks at the queue.
    void look(String project) {
        long rests = restsUntil.getOrDefault(project, System.nanoTime());
        if (System.nanoTime() - rests >= 0 && doubts.isStale(project) && working.add(project)) {
            Thread.ofVirtual().name("doubts").start(() -> renew(project));
        }
    }

    private void renew(String project) {
        long begun = System.nanoTime();
        try {
            var votes = doubts.votes(project);
            doubts.keep(project, votes, Doubts.of(votes));
        } catch (RuntimeException outage) {
            Log.warnf("doubts of project %s wait reason=%s", project, outage.toString());
        } finally {
            if (restsUntil.size() >= MOST_REMEMBERED) {
                restsUntil.clear();
            }
            long now = System.nanoTime();
            restsUntil.put(project, now + Math.max(LEAST_REST_NANOS, REST * (now - begun)));
            working.remove(project);
        }
    }
}
