package dev.gyre.llm.objective;

import java.util.List;
import java.util.Map;

/// A loss: the programs that compute it, their settings, and the names of the numbers they answer.
///
/// A program takes what the likelihood program sees of each target, the row of each target, tensors
/// known beforehand by name (`reference`, `desirable`, `advantages`, …) and settings; its first
/// line says which.
public sealed interface Objective
        permits Supervised,
                Preference,
                Contrastive,
                OddsRatio,
                KahnemanTversky,
                BinaryClassifier,
                BradleyTerry,
                PolicyGradient,
                LeaveOneOut,
                Proximal,
                JensenShannon {

    /// The programs by the slot they fill, `objective` and `likelihood` among them.
    Map<String, String> slots();

    /// The numbers that the program takes, in its order.
    double[] settings();

    /// The names of the numbers that the program answers after the loss.
    List<String> metrics();

    /// Whether the loss is a mean over all targets; else it is one over examples.
    default boolean perTarget() {
        return false;
    }

    /// Whether it compares with the log-likelihoods of the frozen model.
    default boolean needsReference() {
        return false;
    }
}
