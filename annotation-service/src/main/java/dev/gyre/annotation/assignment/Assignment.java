package dev.gyre.annotation.assignment;

import java.util.HashSet;

/// Whom a project asks, and how often.
///
/// @param needs in one of the cohorts, if any are named, and with all of the skills and languages
/// @param byLanguage only who has the language of a sample is asked about it; samples that name none are for everybody
/// @param overlap share of the tasks that get all the answers of the project, the others get one; 0 to 1
public record Assignment(Tags needs, boolean byLanguage, double overlap) {

    /// Everybody is asked everything.
    static final Assignment OPEN = new Assignment(Tags.NONE, false, 1);

    public Assignment {
        if (!(overlap >= 0 && overlap <= 1)) {
            throw new IllegalArgumentException(
                    "overlap is %s, must be 0 to 1: the share of tasks that get all answers".formatted(overlap));
        }
    }

    /// Whether somebody with these tags is asked at all.
    boolean admits(Tags tags) {
        return (needs.cohorts().isEmpty() || needs.cohorts().stream().anyMatch(tags.cohorts()::contains))
                && new HashSet<>(tags.skills()).containsAll(needs.skills())
                && new HashSet<>(tags.languages()).containsAll(needs.languages());
    }
}
