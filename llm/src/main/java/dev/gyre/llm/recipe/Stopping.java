package dev.gyre.llm.recipe;

/// Rows that are held out of a training to see when it has learned enough; what is saved are the weights that foresaw
/// them best.
///
/// @param holdOut share of the prompts whose rows are held out, 0 to 0.5; 0 is none, and the last weights are saved
/// @param evaluateSteps the held-out loss is computed after every so many steps, and after the last; 0 is once per
/// epoch
/// @param patience evaluations in a row without a better loss after which the training ends; 0 never ends it early
/// @param improvement by how much a loss must be smaller to be better, 0 or more
public record Stopping(double holdOut, int evaluateSteps, int patience, double improvement) {

    /// Nothing is held out.
    public static final Stopping NONE = new Stopping(0, 0, 0, 0);

    public Stopping {
        if (!(holdOut >= 0 && holdOut <= 0.5)) {
            throw new IllegalArgumentException("holdOut is %s, must be 0 to 0.5".formatted(holdOut));
        }
        if (holdOut == 0 && (evaluateSteps > 0 || patience > 0 || improvement > 0)) {
            throw new IllegalArgumentException(
                    "holdOut is 0, must be above 0 for evaluateSteps %d, patience %d and improvement %s to mean anything"
                            .formatted(evaluateSteps, patience, improvement));
        }
    }
}
