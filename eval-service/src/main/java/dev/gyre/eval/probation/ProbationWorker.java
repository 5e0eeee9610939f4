package dev.gyre.eval.probation;

import dev.gyre.delivery.WorkLoop;
import dev.gyre.eval.probation.Probation.State;
import dev.gyre.eval.probation.ProbationRule.Rated;
import dev.gyre.eval.probation.ProbationStore.Open;
import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;

/// Looks at the ratings of champions on probation, whenever enough of them have come.
@ApplicationScoped
class ProbationWorker {

    private final ProbationStore probations;
    private final ProbationRule rule;
    private final WorkLoop loop;

    ProbationWorker(ProbationConfig config, ProbationStore probations) {
        this.probations = probations;
        this.rule = config.rule();
        this.loop = new WorkLoop(
                "probations",
                config.pause(),
                this::step,
                failure -> Log.error("looking at a champion's ratings failed", failure));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    private boolean step() {
        var isBusy = false;
        for (var id : probations.awaiting()) {
            isBusy |= QuarkusTransaction.requiringNew().call(() -> {
                var probation = probations.lock(id);
                probation.ifPresent(this::judge);
                return probation.isPresent();
            });
        }
        return isBusy;
    }

    /// Takes every look for which there are ratings.
    private void judge(Open probation) {
        var ground = probations.ground(probation);
        var rated = probations.first(probation, ground, rule.ratingsInAll());
        var looks = new ArrayList<>(probation.looks());
        var state = State.OPEN;
        while (state == State.OPEN && rated.size() >= rule.ratingsAt(looks.size() + 1)) {
            if (ground.drift() != null) {
                var reason = "what people ask moves (drift %s), so the two were not rated on the same"
                        .formatted(ground.drift());
                end(probation, rated.size(), looks, State.NOT_COMPARABLE, reason);
                return;
            }
            var before = probations.latest(probation, ground, rule.reference());
            looks.add(rule.look(
                    looks.size() + 1,
                    new Rated(probation.model(), rated),
                    new Rated(probation.predecessor(), before)));
            state = rule.state(looks);
        }
        if (state == State.OPEN) {
            probations.keep(probation, rated.size(), looks);
        } else {
            end(probation, rated.size(), looks, state, looks.getLast().reason());
        }
    }

    private void end(Open probation, int ratings, List<Look> looks, State state, String reason) {
        probations.keep(probation, ratings, looks);
        probations.end(probation, state, reason);
        if (state == State.FELL_SHORT) {
            probations.tell(probation, looks.getLast());
        }
        Log.infof("probation is over model=%s state=%s reason=%s", probation.model(), state, reason);
    }
}
