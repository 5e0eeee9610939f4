package dev.gyre.annotation.probe;

/// How often people are asked what is known, or what they said before.
///
/// @param goldShare share of a person's tasks that are gold questions, 0 to 1
/// @param repeatShare share of a person's tasks that are earlier ones again, 0 to 1
/// @param repeatAfter how many others a person has judged before a task comes again
public record Probing(double goldShare, double repeatShare, int repeatAfter) {

    public Probing {
        if (!(goldShare >= 0 && repeatShare >= 0 && goldShare + repeatShare <= 1)) {
            throw new IllegalArgumentException(
                    "goldShare is %s and repeatShare is %s, must be 0 or more and together at most 1"
                            .formatted(goldShare, repeatShare));
        }
        if (repeatAfter < 1) {
            throw new IllegalArgumentException("repeatAfter is %d, must be 1 or more".formatted(repeatAfter));
        }
    }

    /// What one place among the tasks is for.
    ///
    /// @param drawn from 0 to below 1
    Kind kind(double drawn) {
        if (drawn < goldShare) {
            return Kind.GOLD;
        }
        return drawn < goldShare + repeatShare ? Kind.REPEAT : Kind.TASK;
    }

    /// What a person is asked for.
    enum Kind {
        /// A judgement that counts.
        TASK,
        /// What is known.
        GOLD,
        /// What the same person said before.
        REPEAT
    }
}
