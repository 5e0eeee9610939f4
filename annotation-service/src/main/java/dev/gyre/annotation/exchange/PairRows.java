package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.exchange.Draft.Given;
import dev.gyre.annotation.project.Question;
import dev.gyre.artifacts.Digests;
import dev.gyre.events.SampleDocument.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Rows of a chosen and a rejected answer: TRL's, HH-RLHF's, Alpaca's and ShareGPT's. The task shows the two in an order
/// that says nothing of which was chosen, so the same pair chosen otherwise is another judgement of the same task.
record PairRows(Question question) implements RowReading {

    private static final Pattern SPEAKER = Pattern.compile("(?:\\A|\\n\\n)(Human|Assistant): ?");

    /// @param turns before the answers
    private record Pair(List<Message> turns, String chosen, String rejected) {}

    @Override
    public Draft read(ObjectNode row) {
        var pair = pair(row);
        if (pair.chosen().equals(pair.rejected())) {
            throw new IllegalArgumentException("chosen and rejected are the same");
        }
        var candidates = Stream.of(pair.chosen(), pair.rejected())
                .sorted(Comparator.comparing(text -> Digests.sha256(text.getBytes(StandardCharsets.UTF_8))))
                .toList();
        var annotators = Fields.nested(row, "annotators");
        return new Draft(
                Fields.text(row, "id"),
                Fields.text(row, "slice"),
                Fields.document(pair.turns(), null, candidates),
                List.of(new Given(
                        annotators.size() == 1 ? annotators.get(0).asText() : null,
                        Map.of(
                                question.name(),
                                answer(
                                        candidates.getFirst().equals(pair.chosen()),
                                        row.path("strength").asInt(1))))));
    }

    private JsonNode answer(boolean isFirst, int strength) {
        var better = isFirst ? "A" : "B";
        var worse = isFirst ? "B" : "A";
        var answer = JsonNodeFactory.instance.objectNode();
        if (question.kind().type().equals("RANKING")) {
            var ranking = answer.putArray("ranking");
            ranking.addArray().add(better);
            ranking.addArray().add(worse);
        } else {
            answer.put("choice", better).put("strength", strength);
        }
        return answer;
    }

    private static Pair pair(ObjectNode row) {
        if (row.has("instruction")) {
            return new Pair(
                    AnswerRows.instruction(row), Fields.require(row, "chosen"), Fields.require(row, "rejected"));
        }
        if (row.has("conversations")) {
            return new Pair(
                    AnswerRows.conversation(row),
                    Fields.require(row.path("chosen"), "value"),
                    Fields.require(row.path("rejected"), "value"));
        }
        if (row.has("prompt")) {
            return prompted(row);
        }
        return Fields.conversation(row, "chosen").isArray()
                ? common(Fields.messages(Fields.conversation(row, "chosen")), Fields.messages(Fields.conversation(row, "rejected")))
                : common(transcript(Fields.require(row, "chosen")), transcript(Fields.require(row, "rejected")));
    }

    private static Pair prompted(ObjectNode row) {
        var messages = Fields.conversation(row, "prompt");
        if (!messages.isArray()) {
            return new Pair(
                    List.of(new Message("user", Fields.require(row, "prompt"))),
                    Fields.require(row, "chosen"),
                    Fields.require(row, "rejected"));
        }
        return new Pair(Fields.messages(messages), answer(row, "chosen"), answer(row, "rejected"));
    }

    private static String answer(ObjectNode row, String name) {
        var messages = Fields.messages(Fields.conversation(row, name));
        if (messages.size() != 1) {
            throw new IllegalArgumentException("%s has %d messages, must have one".formatted(name, messages.size()));
        }
        return messages.getFirst().content();
    }

    /// Two conversations that differ in their last turn only.
    private static Pair common(List<Message> chosen, List<Message> rejected) {
        int last = chosen.size() - 1;
        if (last < 1
                || rejected.size() != chosen.size()
                || !chosen.subList(0, last).equals(rejected.subList(0, last))) {
            throw new IllegalArgumentException(
                    "chosen and rejected are no two answers to the same conversation: their turns before the last differ");
        }
        return new Pair(
                chosen.subList(0, last),
                chosen.getLast().content(),
                rejected.getLast().content());
    }

    private static List<Message> transcript(String text) {
        var turns = new ArrayList<Message>();
        var speakers = SPEAKER.matcher(text);
        var role = "";
        int begin = 0;
        while (speakers.find()) {
            if (!role.isEmpty()) {
                turns.add(new Message(role, text.substring(begin, speakers.start())));
            }
            role = speakers.group(1).equals("Human") ? "user" : "assistant";
            begin = speakers.end();
        }
        if (role.isEmpty()) {
            throw new IllegalArgumentException("the transcript has no turn; turns begin with 'Human:' and 'Assistant:'");
        }
        turns.add(new Message(role, text.substring(begin)));
        return turns;
    }
}
