package dev.gyre.annotation.project;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Questions about every sample of one source, and how they are put to people.
///
/// @param source id of the source in ingest
/// @param questions what is asked about each sample; the first is counted and told
/// @param answersPerItem how many judgements each task gets, exactly
/// @param candidates which model answers where a sample brings no candidates
/// @param guidelines what annotators can look up while they work
/// @param schemaVersion how often the questions or the guidelines were set, from 1
/// @param guidelineVersion the version that the guidelines last changed in
/// @param leaseSeconds how long a task is kept for the one who took it
/// @param shuffleSides whether each person sees the candidates in an order of their own
public record Project(
        String id,
        String workspace,
        String name,
        String source,
        @Json List<Question> questions,
        int answersPerItem,
        @Json @Nullable Answering candidates,
        String guidelines,
        int schemaVersion,
        int guidelineVersion,
        int leaseSeconds,
        boolean shuffleSides,
        Instant createdAt) {

    /// How long a task is kept where nobody says otherwise.
    public static final int LEASE_SECONDS = 900;

    public Project {
        questions = Question.checked(questions);
        require(!name.isBlank() && name.length() <= 200, "name has %d characters, must have 1 to 200", name.length());
        require(!source.isBlank(), "source is blank, must be the id of a source in ingest");
        require(answersPerItem >= 1 && answersPerItem <= 100, "answersPerItem is %d, must be 1 to 100", answersPerItem);
        require(leaseSeconds >= 1 && leaseSeconds <= 86_400, "leaseSeconds is %d, must be 1 to 86400", leaseSeconds);
        require(guidelines.length() <= 100_000, "guidelines have %d characters, at most 100000", guidelines.length());
        require(
                candidates == null || fewestCandidates(questions) > 0,
                "candidates are only for questions that show answers (PAIRWISE, RANKING, EDIT, RATING of each); leave them out");
        require(
                fewestCandidates(questions) <= mostCandidates(questions),
                "one question needs %d candidates, another takes %d at most; make two projects of them",
                fewestCandidates(questions),
                mostCandidates(questions));
    }

    /// The first question, which is counted and told.
    public Question question() {
        return questions.getFirst();
    }

    /// Fewest candidates that a task needs for these questions.
    public static int fewestCandidates(List<Question> questions) {
        return questions.stream()
                .mapToInt(question -> question.kind().fewestCandidates())
                .max()
                .orElse(0);
    }

    /// Most candidates that a task of these questions can show.
    public static int mostCandidates(List<Question> questions) {
        return questions.stream()
                .mapToInt(question -> question.kind().mostCandidates())
                .min()
                .orElse(0);
    }

    /// The next version of it; answers given so far keep theirs.
    ///
    /// @throws IllegalArgumentException where they ask for something else than the tasks were made for
    Project next(List<Question> asked, String guides) {
        var first = asked.getFirst().kind().type();
        require(
                first.equals(question().kind().type()) && asked.getFirst().name().equals(question().name()),
                "the first question is '%s' of type %s, must stay '%s' of type %s, which answers so far are counted by; make another project",
                asked.getFirst().name(),
                first,
                question().name(),
                question().kind().type());
        require(
                fewestCandidates(asked) == fewestCandidates(questions)
                        && mostCandidates(asked) == mostCandidates(questions),
                "the questions need %d to %d candidates, the tasks were made with %d to %d; make another project",
                fewestCandidates(asked),
                mostCandidates(asked),
                fewestCandidates(questions),
                mostCandidates(questions));
        int version = schemaVersion + 1;
        return new Project(
                id,
                workspace,
                name,
                source,
                asked,
                answersPerItem,
                candidates,
                guides,
                version,
                guides.equals(guidelines) ? guidelineVersion : version,
                leaseSeconds,
                shuffleSides,
                createdAt);
    }

    private static void require(boolean holds, String otherwise, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise.formatted(values));
        }
    }
}
