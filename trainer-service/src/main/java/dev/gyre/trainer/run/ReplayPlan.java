package dev.gyre.trainer.run;

import dev.gyre.events.TrainingEvent.Replay;
import java.util.ArrayList;
import java.util.List;

/// How many rows of which earlier data sets are learned again.
public final class ReplayPlan {

    /// More than this would leave too little of a run for what is new.
    public static final double LARGEST_SHARE = 0.9;

    private ReplayPlan() {}

    /// An earlier data set that may be replayed.
    ///
    /// @param rows that it has to learn from
    public record Past(String dataset, String name, int rows) {}

    /// @param share of the mixed rows that is replayed, 0 to [#LARGEST_SHARE]
    /// @param newRows rows that are learned for the first time
    /// @return how many rows are to be replayed
    public static int wanted(double share, int newRows) {
        if (!(share >= 0 && share <= LARGEST_SHARE)) {
            throw new IllegalArgumentException("replayShare is %s, must be 0 to %s".formatted(share, LARGEST_SHARE));
        }
        return (int) Math.round(newRows * share / (1 - share));
    }

    /// Spreads the wanted rows evenly; what a short data set cannot give is taken from the others.
    ///
    /// @param past the newest first, which gets the odd row
    public static List<Replay> spread(int wanted, List<Past> past) {
        var given = new int[past.size()];
        var left = wanted;
        while (left > 0) {
            var open = 0;
            for (var i = 0; i < given.length; i++) {
                open += given[i] < past.get(i).rows() ? 1 : 0;
            }
            if (open == 0) {
                break;
            }
            var each = Math.max(1, left / open);
            for (var i = 0; i < given.length && left > 0; i++) {
                var more = Math.min(Math.min(each, left), past.get(i).rows() - given[i]);
                given[i] += more;
                left -= more;
            }
        }
        var replay = new ArrayList<Replay>();
        for (var i = 0; i < given.length; i++) {
            if (given[i] > 0) {
                replay.add(new Replay(past.get(i).dataset(), given[i]));
            }
        }
        return replay;
    }
}
