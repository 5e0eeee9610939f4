package dev.gyre.annotation.export;

import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The labelling interface that Label Studio needs to show what is exported to it.
record LabelStudioConfig(List<Question> questions) {

    String xml() {
        var lines = new ArrayList<String>();
        lines.add("<View>");
        lines.add("  <Text name=\"prompt\" value=\"$prompt\"/>");
        if (questions.stream().anyMatch(question -> question.kind() instanceof QuestionKind.Turns)) {
            lines.add(
                    "  <Paragraphs name=\"messages\" value=\"$messages\" layout=\"dialogue\" nameKey=\"role\" textKey=\"content\"/>");
        }
        for (var id : ids()) {
            lines.add("  <Text name=\"answer%s\" value=\"$answer%s\"/>".formatted(id, id));
        }
        for (var question : questions) {
            lines.add("  <Header value=\"%s\"/>".formatted(escaped(question.text())));
            controls(question).forEach(control -> lines.add("  " + control));
        }
        lines.add("</View>\n");
        return String.join("\n", lines);
    }

    /// The candidates that a task may have.
    private List<String> ids() {
        int most = Project.fewestCandidates(questions) == 0 ? 0 : Project.mostCandidates(questions);
        return IntStream.range(0, most)
                .mapToObj(at -> String.valueOf((char) ('A' + at)))
                .toList();
    }

    private List<String> controls(Question question) {
        var name = question.name();
        return switch (question.kind()) {
            case QuestionKind.Pairwise() ->
                List.of(
                        "<Pairwise name=\"%s\" toName=\"answerA,answerB\"/>".formatted(name),
                        choices(name + "-degree", "single", List.of("1", "2", "3", "tie", "bad")));
            case QuestionKind.Ranking() -> {
                var buckets = ids().stream()
                        .map(id -> id.charAt(0) - 'A' + 1)
                        .map(place -> "<Bucket name=\"%d\" title=\"%d\"/>".formatted(place, place))
                        .toList();
                yield List.of(
                        "<List name=\"answers\" value=\"$answers\"/>",
                        "<Ranker name=\"%s\" toName=\"answers\">%s</Ranker>".formatted(name, String.join("", buckets)));
            }
            case QuestionKind.Rating(var _, var to, var each) when each ->
                ids().stream()
                        .map(id -> "<Rating name=\"%s-%s\" toName=\"answer%s\" maxRating=\"%d\"/>"
                                .formatted(name, id, id, to))
                        .toList();
            case QuestionKind.Rating(var _, var to, var _) ->
                List.of("<Rating name=\"%s\" toName=\"prompt\" maxRating=\"%d\"/>".formatted(name, to));
            case QuestionKind.Label(var labels) -> List.of(choices(name, "single", labels));
            case QuestionKind.Labels(var labels, var _, var _) -> List.of(choices(name, "multiple", labels));
            case QuestionKind.Spans(var labels, var _) ->
                List.of("<Labels name=\"%s\" toName=\"prompt\">%s</Labels>".formatted(name, options("Label", labels)));
            case QuestionKind.Text(), QuestionKind.Demonstration() -> List.of(textArea(name, "prompt"));
            case QuestionKind.Edit() ->
                ids().stream()
                        .map(id -> textArea(name + "-" + id, "answer" + id))
                        .toList();
            case QuestionKind.Turns _ -> List.of();
        };
    }

    private static String textArea(String name, String object) {
        return "<TextArea name=\"%s\" toName=\"%s\" maxSubmissions=\"1\"/>".formatted(name, object);
    }

    private static String choices(String name, String choice, List<String> labels) {
        return "<Choices name=\"%s\" toName=\"prompt\" choice=\"%s\">%s</Choices>"
                .formatted(name, choice, options("Choice", labels));
    }

    private static String options(String tag, List<String> values) {
        return String.join(
                "",
                values.stream()
                        .map(value -> "<%s value=\"%s\"/>".formatted(tag, escaped(value)))
                        .toList());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("\n", "&#10;");
    }
}
