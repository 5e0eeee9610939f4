package dev.gyre.annotation.search;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which tasks are meant; what is missing makes no difference, and everything that is given must hold.
///
/// @param q words of the text; `"in this order"`, `or` and `-without` as in a web search
/// @param state of the task
/// @param label what somebody said to the first question: a label, a candidate id, `tie` or `bad`
/// @param annotator pseudonym of somebody who judged it
/// @param agreement the pairs of answers that say the same are at most this share, 0 to 1
/// @param schemaVersion somebody answered under this version of the questions
/// @param like id of a task whose prompt is similar
/// @param similarity least share of the text in common with it, 0.5 where nobody says otherwise
public record TaskQuery(
        @Nullable String q,
        @Nullable String state,
        @Nullable String label,
        @Nullable String annotator,
        @Nullable Double agreement,
        @Nullable Integer schemaVersion,
        @Nullable String like,
        @Nullable Double similarity) {

    /// States of a task.
    static final List<String> STATES = List.of("PREPARING", "ASKING", "READY", "DONE", "SKIPPED");

    private static final int MOST_CHARACTERS = 1000;
    private static final double SIMILAR = 0.5;

    public TaskQuery {
        q = given(q);
        label = given(label);
        annotator = given(annotator);
        like = given(like);
        require(q == null || q.length() <= MOST_CHARACTERS, "q has more than %d characters", MOST_CHARACTERS);
        require(q == null || q.indexOf('\0') < 0, "q has a zero character; leave it out");
        require(state == null || STATES.contains(state), "state is '%s', must be one of %s", state, STATES);
        require(
                agreement == null || (agreement >= 0 && agreement <= 1),
                "agreement is %s, must be 0 to 1: the most that the answers may agree",
                agreement);
        require(
                similarity == null || (like != null && similarity > 0 && similarity <= 1),
                "similarity is %s, must be above 0 to 1, with like",
                similarity);
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static void require(boolean holds, String otherwise, @Nullable Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise.formatted(values));
        }
    }

    /// How many places of the signatures must be the same.
    int leastSame() {
        return (int) Math.ceil((similarity == null ? SIMILAR : similarity) * MinHash.PLACES);
    }

    /// What the verdict of such a task has.
    List<String> marks() {
        return Stream.of(
                        label == null ? "" : "says:" + label,
                        annotator == null ? "" : "by:" + annotator,
                        schemaVersion == null ? "" : "under:" + schemaVersion)
                .filter(mark -> !mark.isEmpty())
                .toList();
    }
}
