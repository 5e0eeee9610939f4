package dev.gyre.annotation.export;

import java.util.List;
import java.util.stream.Stream;

/// What formats cannot say.
final class Losses {

    private static final String WITHDRAWN = "Withdrawn judgements, gold questions and repeats are in no export.";
    private static final String MODELS = "Which model wrote which answer.";
    private static final String SHOWN = "Comments, time in focus and the order in which answers were shown.";
    private static final String RANKING = "A ranking stands as its pairs; ties in it are left out.";
    private static final String OTHERS =
            "Ratings, labels, spans and remarks; ties, and pairs of which both are bad or the same.";
    private static final String WHO =
            "Who said so, how sure they were, and the row's own id: of several judgements of a task one comes in again.";

    static final List<String> NOTHING = List.of(WITHDRAWN);
    static final List<String> PAIRS = List.of(WITHDRAWN, RANKING, OTHERS, MODELS, SHOWN);
    static final List<String> ANSWERS = List.of(
            WITHDRAWN,
            "Every candidate but the best, if there is one best; how much better it is.",
            "Ratings, labels, spans and remarks.",
            MODELS,
            SHOWN);
    static final List<String> TEXTS = Stream.concat(
                    ANSWERS.stream(),
                    Stream.of("Where the prompt ends and the answer begins, unless texts are messages."))
            .toList();
    static final List<String> VERDICTS = List.of(
            WITHDRAWN,
            "Which answers were compared with which: each stands alone.",
            "Candidates of a ranking that are neither first nor last; ties.",
            "Ratings, labels, spans and remarks.",
            MODELS,
            SHOWN);
    static final List<String> TRANSCRIPTS = List.of(
            WITHDRAWN,
            RANKING,
            OTHERS,
            WHO,
            "Roles other than the assistant's stand as the human's.",
            "Turns that contain the words that begin a turn read as more turns.",
            MODELS,
            SHOWN);
    static final List<String> INSTRUCTIONS = List.of(
            WITHDRAWN,
            "Every candidate but the best, if there is one best; how much better it is.",
            "Ratings, labels, spans and remarks.",
            WHO,
            "Conversations in which user and assistant do not take turns are left out.",
            MODELS,
            SHOWN);
    static final List<String> INSTRUCTION_PAIRS = List.of(
            WITHDRAWN,
            RANKING,
            OTHERS,
            WHO,
            "Conversations in which user and assistant do not take turns are left out.",
            MODELS,
            SHOWN);
    static final List<String> LABEL_STUDIO = List.of(
            WITHDRAWN,
            "Judged and rewritten turns: Label Studio cannot mark messages that it did not make itself.",
            "Ratings below 0.",
            "Comments, and the order in which answers were shown.",
            "The versions of questions and guidelines.",
            MODELS);
    static final List<String> ARGILLA = List.of(
            WITHDRAWN,
            "Judged and rewritten turns.",
            "Ratings outside 0 to 10: Argilla refuses them.",
            "Time in focus, comments, and the order in which answers were shown.",
            "The versions of questions and guidelines, and when a judgement was given.",
            MODELS);
    static final List<String> PRODIGY = List.of(
            WITHDRAWN,
            "All but the first choice, the first spans and the first words of a judgement.",
            "Rankings, ratings of each candidate, edits and turns; how much better an answer is.",
            "Labels that nobody chose.",
            "Comments, time in focus, and the order in which answers were shown.",
            MODELS);
    static final List<String> TABLE = List.of(
            WITHDRAWN,
            "By majority: who said what, and all answers that cannot be counted.",
            "Answers to questions that the project does not ask any more.",
            "Metadata of the sample.");

    private Losses() {}
}
