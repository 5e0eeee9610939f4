package dev.gyre.annotation.judgement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionForm;
import dev.gyre.artifacts.Digests;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleDocument.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerReaderTest {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    /// The prompt has six code points, one of them outside of the basic plane.
    private static final SampleDocument SAMPLE = new SampleDocument(
            "Hi 😀 x", null, List.of(), Map.of(), List.of(new Message("user", "Hi"), new Message("assistant", "Ho")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{type: 'PAIRWISE'} | {choice: 'B', strength: 3} | B",
                "{type: 'PAIRWISE'} | {choice: 'B'} | B",
                "{type: 'PAIRWISE'} | {strength: 0} | tie",
                "{type: 'PAIRWISE'} | {bothBad: true} | bad",
                "{type: 'RANKING'} | {ranking: [['C'], ['B', 'A']]} | C>A=B",
                "{type: 'RATING'} | {rating: 5} | 5",
                "{type: 'RATING', from: -3, to: 3} | {rating: -3} | -3",
                "{type: 'LABEL', labels: ['ham', 'spam']} | {label: 'spam'} | spam",
                "{type: 'LABELS', labels: ['a', 'b', 'c'], most: 2} | {labels: ['c', 'a', 'c']} | a+c",
                "{type: 'LABELS', labels: ['a', 'b']} | {labels: []} | ``",
                "{type: 'SPANS', labels: ['word']} | {spans: [{start: 3, end: 4, label: 'word'}]} |",
                "{type: 'SPANS', labels: ['word']} | {spans: []} |",
                "{type: 'TEXT'} | {text: 'Because.'} |",
                "{type: 'DEMONSTRATION'} | {text: 'Hello'} |",
                "{type: 'EDIT'} | {candidate: 'A', text: 'better'} |",
                "{type: 'TURNS', labels: ['good']} | {turns: [{turn: 1, label: 'good'}]} |",
                "{type: 'TURNS'} | {turns: [{turn: 1, rewrite: 'Hey'}]} |"
            })
    void whatFitsIsUnderstoodAndCounted(String question, String answer, String value) {
        assertThat(read(question, answer).value()).isEqualTo(value == null ? null : value.replace("+", Answer.SEPARATOR));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{type: 'PAIRWISE'} | {} | choice is missing",
                "{type: 'PAIRWISE'} | {strength: 2} | choice is missing",
                "{type: 'PAIRWISE'} | {choice: 'A', strength: 4} | strength is 4 with a choice, must be 1 to 3",
                "{type: 'PAIRWISE'} | {choice: 'A', bothBad: true} | bothBad and choice exclude each other",
                "{type: 'PAIRWISE'} | {choice: 'D'} | choice is 'D', must be the id of a candidate: [A, B, C]",
                "{type: 'PAIRWISE'} | {choice: 'A', text: 'x'} | text does not belong to a PAIRWISE question",
                "{type: 'RANKING'} | {ranking: [['A'], ['B']]} | must have each of [A, B, C] once",
                "{type: 'RANKING'} | {ranking: [['A', 'B', 'C'], []]} | must have each of [A, B, C] once",
                "{type: 'RANKING'} | {ranking: [['A'], ['A'], ['B', 'C']]} | must have each of [A, B, C] once",
                "{type: 'RATING'} | {rating: 6} | rating is 6, must be 1 to 5",
                "{type: 'RATING', each: true} | {ratings: {A: 1, B: 2}} | must rate each of [A, B, C]",
                "{type: 'RATING', each: true} | {ratings: {A: 1, B: 2, C: 9}} | ratings.C is 9, must be 1 to 5",
                "{type: 'LABEL', labels: ['ham', 'spam']} | {label: 'egg'} | label is 'egg', must be one of [ham, spam]",
                "{type: 'LABELS', labels: ['a', 'b'], least: 1} | {labels: []} | labels has 0 labels, must have 1 to 2",
                "{type: 'SPANS', labels: ['w']} | {spans: [{start: 0, end: 7, label: 'w'}]} | within the prompt's 6 characters",
                "{type: 'SPANS', labels: ['w']} | {spans: [{start: 0, end: 3, label: 'w'}, {start: 2, end: 4, label: 'w'}]} | overlap",
                "{type: 'TEXT'} | {text: ' '} | text is empty",
                "{type: 'EDIT'} | {candidate: 'A', text: 'text of A'} | text is the candidate unchanged",
                "{type: 'EDIT'} | {text: 'better'} | candidate is 'null'",
                "{type: 'TURNS', labels: ['good']} | {turns: []} | turns is empty",
                "{type: 'TURNS', labels: ['good']} | {turns: [{turn: 2, label: 'good'}]} | turn must be 0 to 1",
                "{type: 'TURNS', labels: ['good']} | {turns: [{turn: 1}]} | turn 1 has neither label nor rewrite"
            })
    void whatDoesNotFitIsRefusedInWords(String question, String answer, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(question, answer))
                .withMessageContaining(words);
    }

    @Test
    void aQuestionThatDependsOnAnotherIsAskedOnlyThere() {
        var questions = List.of(
                question("{type: 'LABEL', name: 'ok', labels: ['yes', 'no']}"),
                question("{type: 'TEXT', name: 'why', when: {question: 'ok', is: ['no']}}"));

        assertThat(answers(questions, "{ok: {label: 'yes'}}").byQuestion()).containsOnlyKeys("ok");
        assertThat(answers(questions, "{ok: {label: 'no'}, why: {text: 'Rude'}}").byQuestion())
                .containsEntry("why", new Answer.Written("Rude"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answers(questions, "{ok: {label: 'no'}}"))
                .withMessageContaining("answers has no 'why'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answers(questions, "{ok: {label: 'yes'}, why: {text: 'Rude'}}"))
                .withMessageContaining("which is asked only where 'ok' was answered with [no]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answers(questions, "{ok: {label: 'yes'}, who: {text: 'Me'}}"))
                .withMessageContaining("answers has 'who', must be of the questions [ok, why]");
    }

    @Test
    void anEditIsOfTheCandidateThatWasChosen() {
        var questions = List.of(
                question("{type: 'PAIRWISE', name: 'better'}"), question("{type: 'EDIT', name: 'edit', required: false}"));

        assertThat(answers(questions, "{better: {choice: 'B'}, edit: {candidate: 'B', text: 'good'}}").edit())
                .isEqualTo(new Answer.Edited("B", "good"));
        assertThat(answers(questions, "{better: {choice: 'B'}}").edit()).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answers(questions, "{better: {choice: 'B'}, edit: {candidate: 'A', text: 'good'}}"))
                .withMessage("answer to 'edit': candidate is 'A', must be the one chosen before: [B]");
    }

    @Test
    void wordsAreKeptApart() {
        assertThat(read("{type: 'EDIT'}", "{candidate: 'A', text: 'better'}").data()).isEqualTo(Map.of("candidate", "A"));
        assertThat(read("{type: 'TEXT'}", "{text: 'why'}").data()).isEmpty();
        assertThat(read("{type: 'TURNS', labels: ['good']}", "{turns: [{turn: 1, label: 'good', rewrite: 'Hey'}]}").data())
                .isEqualTo(Map.of("turns", List.of(new Answer.Turn(1, "good", null))));
    }

    private static Answer read(String question, String answer) {
        return reader().read(question(question), json(answer, AnswerForm.class), null);
    }

    private static Answers answers(List<Question> questions, String answers) {
        var forms = new LinkedHashMap<String, AnswerForm>();
        json(answers, JsonNode.class)
                .properties()
                .forEach(answer -> forms.put(answer.getKey(), JSON.convertValue(answer.getValue(), AnswerForm.class)));
        return Answers.of(questions, reader(), forms);
    }

    private static AnswerReader reader() {
        var candidates = Stream.of("A", "B", "C")
                .map(id -> new Candidate(
                        id,
                        null,
                        new ArtifactRef(
                                URI.create("s3://b/" + id),
                                Digests.sha256(("text of " + id).getBytes(StandardCharsets.UTF_8)),
                                9)))
                .toList();
        return new AnswerReader(candidates, () -> SAMPLE);
    }

    private static Question question(String json) {
        return Question.of(json(json, QuestionForm.class));
    }

    private static <T> T json(String text, Class<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }
}
