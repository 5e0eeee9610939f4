package dev.gyre.annotation.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerWordTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "PAIRWISE~{\"choice\":\"B\",\"strength\":3}~B3",
                "PAIRWISE~{\"strength\":0}~tie",
                "PAIRWISE~{\"bothBad\":true}~bad",
                "RANKING~{\"ranking\":[[\"B\"],[\"A\",\"C\"]]}~B>A=C",
                "RATING~{\"rating\":-2}~-2",
                "RATING~{\"ratings\":{\"A\":1,\"B\":4}}~{\"A\":1,\"B\":4}",
                "LABEL~{\"label\":\"a, b\"}~a, b",
                "LABELS~{\"labels\":[\"a\",\"b\"]}~[\"a\",\"b\"]",
                "SPANS~{\"spans\":[{\"start\":0,\"end\":3,\"label\":\"x\"}]}~[{\"start\":0,\"end\":3,\"label\":\"x\"}]",
                "TEXT~{\"text\":\"so\"}~so",
                "EDIT~{\"candidate\":\"A\",\"text\":\"so\"}~{\"candidate\":\"A\",\"text\":\"so\"}",
                "TURNS~{\"turns\":[{\"turn\":1,\"label\":\"x\"}]}~[{\"turn\":1,\"label\":\"x\"}]"
            })
    void anAnswerIsOneWordAndBack(String type, String answer, String word) throws JsonProcessingException {
        assertThat(AnswerWord.of(type, JSON.readTree(answer))).isEqualTo(word);
        assertThat(AnswerWord.parse(type, word)).isEqualTo(JSON.readTree(answer));
    }

    @Test
    void whatMeansNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnswerWord.parse("PAIRWISE", "left"))
                .withMessageContaining("'left' is no preference");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnswerWord.parse("RATING", "4.5"))
                .withMessageContaining("no whole number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnswerWord.parse("LABELS", "a, b"))
                .withMessageContaining("no JSON");
    }
}
