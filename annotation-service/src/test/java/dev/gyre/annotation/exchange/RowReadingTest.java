package dev.gyre.annotation.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionKind;
import dev.gyre.events.SampleDocument.Message;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Documents as others describe them.
class RowReadingTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Question BETTER = question("better", new QuestionKind.Pairwise());

    @Test
    void transcriptsOfHh() {
        var draft = read(new PairRows(BETTER), """
                {"chosen": "\\n\\nHuman: What is pi?\\n\\nAssistant: A number.\\n\\nHuman: Which?\\n\\nAssistant: 3.14",
                 "rejected": "\\n\\nHuman: What is pi?\\n\\nAssistant: A number.\\n\\nHuman: Which?\\n\\nAssistant: 4"}""");

        assertThat(draft.document().messages())
                .containsExactly(
                        new Message("user", "What is pi?"),
                        new Message("assistant", "A number."),
                        new Message("user", "Which?"));
        assertThat(draft.document().prompt()).isEqualTo("Which?");
        assertThat(chosen(draft)).isEqualTo("3.14");
    }

    @Test
    void transcriptsThatPartEarlierAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(new PairRows(BETTER), """
                        {"chosen": "\\n\\nHuman: a\\n\\nAssistant: b\\n\\nHuman: c\\n\\nAssistant: d",
                         "rejected": "\\n\\nHuman: a\\n\\nAssistant: x"}"""))
                .withMessageContaining("turns before the last differ");
    }

    @Test
    void pairsOfTrlWithAnImplicitPrompt() {
        var draft = read(new PairRows(BETTER), """
                {"chosen": [{"role": "user", "content": "Which colour?"}, {"role": "assistant", "content": "Blue."}],
                 "rejected": [{"role": "user", "content": "Which colour?"}, {"role": "assistant", "content": "Green."}]}""");

        assertThat(draft.document().prompt()).isEqualTo("Which colour?");
        assertThat(draft.document().messages()).isEmpty();
        assertThat(chosen(draft)).isEqualTo("Blue.");
    }

    @Test
    void theOrderOfCandidatesDoesNotTellTheChosenOne() {
        var one = read(new PairRows(BETTER), "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"}");
        var other = read(new PairRows(BETTER), "{\"prompt\": \"p\", \"chosen\": \"b\", \"rejected\": \"a\"}");

        assertThat(one.document()).isEqualTo(other.document());
        assertThat(chosen(one)).isEqualTo("a");
        assertThat(chosen(other)).isEqualTo("b");
    }

    @Test
    void instructionsOfAlpaca() {
        var own = question("own", new QuestionKind.Demonstration());
        var draft = read(new AnswerRows(own), """
                {"instruction": "Add.", "input": "1 and 2", "output": "3", "system": "Be brief.",
                 "history": [["Hi", "Hello"]]}""");

        assertThat(draft.document().messages())
                .extracting(Message::role, Message::content)
                .containsExactly(
                        tuple("system", "Be brief."),
                        tuple("user", "Hi"),
                        tuple("assistant", "Hello"),
                        tuple("user", "Add.\n1 and 2"));
        assertThat(answer(draft, "own")).isEqualTo("{\"text\":\"3\"}");
    }

    @Test
    void conversationsOfShareGpt() {
        var draft = read(new AnswerRows(BETTER), """
                {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}""");

        assertThat(draft.document().prompt()).isEqualTo("Hi");
        assertThat(draft.document().completion()).isEqualTo("Hello");
        assertThat(draft.given()).isEmpty();
    }

    @Test
    void tasksOfLabelStudio() {
        var draft = read(new LabelStudioTasks(List.of(BETTER)), """
                {"id": 1, "data": {"prompt": "p", "answer1": "one", "answer2": "two"}, "annotations": [
                  {"id": 1001, "completed_by": 10, "was_cancelled": false, "lead_time": 4.288, "result": [
                    {"id": "Dx_aB91ISN", "from_name": "comparison", "to_name": "comparison", "type": "pairwise",
                     "value": {"selected": "right"}}]},
                  {"id": 1002, "completed_by": 11, "was_cancelled": true, "result": []}]}""");

        assertThat(draft.id()).isEqualTo("1");
        assertThat(draft.document().candidates()).containsExactly("one", "two");
        assertThat(draft.given()).singleElement().satisfies(given -> {
            assertThat(given.annotator()).isEqualTo("10");
            assertThat(given.activeMillis()).isEqualTo(4288);
        });
        assertThat(answer(draft, "better")).isEqualTo("{\"choice\":\"B\",\"strength\":1}");
    }

    @Test
    void recordsOfArgillasApi() {
        var quality = question("quality", new QuestionKind.Label(List.of("good", "bad")));
        var order = question("order", new QuestionKind.Ranking());
        var draft = read(new ArgillaRecords(List.of(quality, order)), """
                {"id": null, "external_id": "42", "fields": {"prompt": "p", "answer_a": "one", "answer_b": "two"},
                 "responses": [
                   {"user_id": "u1", "status": "submitted", "values": {"quality": {"value": "good"},
                     "order": {"value": [{"value": "B", "rank": 1}, {"value": "A", "rank": 2}]}}},
                   {"user_id": "u2", "status": "discarded", "values": {"quality": {"value": "bad"}}}]}""");

        assertThat(draft.id()).isEqualTo("42");
        assertThat(draft.given()).singleElement().satisfies(given -> assertThat(given.annotator()).isEqualTo("u1"));
        assertThat(answer(draft, "quality")).isEqualTo("{\"label\":\"good\"}");
        assertThat(answer(draft, "order")).isEqualTo("{\"ranking\":[[\"B\"],[\"A\"]]}");
    }

    @Test
    void examplesOfProdigy() {
        var names = question("names", new QuestionKind.Spans(List.of("ORG"), false));
        var draft = read(new ProdigyExamples(List.of(names)), """
                {"text": "Apple updates", "tokens": [], "spans": [{"start": 0, "end": 5, "token_start": 0, "label": "ORG"}],
                 "answer": "accept", "_input_hash": 1, "_task_hash": 2}""");

        assertThat(answer(draft, "names")).isEqualTo("{\"spans\":[{\"start\":0,\"end\":5,\"label\":\"ORG\"}]}");
        assertThat(read(new ProdigyExamples(List.of(names)), "{\"text\": \"a\", \"answer\": \"ignore\"}")
                        .given())
                .isEmpty();
    }

    private static Question question(String name, QuestionKind kind) {
        return new Question(name, kind.wording(), true, "", Optional.empty(), kind);
    }

    private static Draft read(RowReading reading, String row) {
        try {
            return reading.read((ObjectNode) JSON.readTree(row));
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static String answer(Draft draft, String question) {
        return String.valueOf(draft.given().getFirst().answers().get(question));
    }

    private static String chosen(Draft draft) {
        var choice = draft.given().getFirst().answers().values().iterator().next().path("choice");
        return draft.document().candidates().get(choice.asText().charAt(0) - 'A');
    }
}
