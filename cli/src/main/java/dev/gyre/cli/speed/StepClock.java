package dev.gyre.cli.speed;

import dev.gyre.llm.training.Progress;
import dev.gyre.llm.training.TrainingListener;
import java.util.ArrayList;
import java.util.List;

/// How long each step of a training takes, from the end of the step before.
final class StepClock implements TrainingListener {

    /// @param tokens read from the begin of the training to the end of this step
    private record Moment(long nanos, long tokens) {}

    private final List<Moment> moments = new ArrayList<>();
    private long reference;

    @Override
    public void began(Phase phase) {
        switch (phase) {
            case REFERENCE -> reference = System.nanoTime();
            case LEARNING -> moments.add(new Moment(System.nanoTime(), 0));
        }
    }

    @Override
    public void progressed(Progress progress) {
        moments.add(new Moment(System.nanoTime(), progress.tokens()));
    }

    /// Tokens per second of each step but the first, which warms up; the reading of the reference is spread over all
    /// tokens.
    List<Double> rates() {
        var ahead = (double) (moments.getFirst().nanos() - reference) / moments.getLast().tokens();
        var rates = new ArrayList<Double>();
        for (int step = 2; step < moments.size(); step++) {
            var begin = moments.get(step - 1);
            var end = moments.get(step);
            long tokens = end.tokens() - begin.tokens();
            rates.add(tokens * 1e9 / (end.nanos() - begin.nanos() + ahead * tokens));
        }
        return rates;
    }
}
