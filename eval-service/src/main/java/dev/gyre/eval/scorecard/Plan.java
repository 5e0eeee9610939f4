package dev.gyre.eval.scorecard;

import dev.gyre.eval.gate.Findings.Target.Missing;
import dev.gyre.eval.model.KnownVersion;
import dev.gyre.eval.suite.Suite;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who is compared with whom on what.
///
/// @param own the suite of the candidate's data set, missing with a reason in `ownMissing`
/// @param look how often candidates of this model were examined on the own suite, this time included
/// @param past suites that guard what earlier versions learned
/// @param pastMissing why others cannot
/// @param doubts why the judgements that the candidate learned from are in doubt, in sentences
record Plan(
        KnownVersion candidate,
        @Nullable KnownVersion champion,
        @Nullable Suite own,
        @Nullable Missing ownMissing,
        int look,
        List<Suite> past,
        List<Missing> pastMissing,
        List<String> doubts) {

    Plan {
        past = List.copyOf(past);
        pastMissing = List.copyOf(pastMissing);
        doubts = List.copyOf(doubts);
    }

    /// What is read, the own suite first.
    List<Suite> suites() {
        var all = new ArrayList<Suite>();
        if (own != null) {
            all.add(own);
        }
        all.addAll(past);
        return all;
    }
}
