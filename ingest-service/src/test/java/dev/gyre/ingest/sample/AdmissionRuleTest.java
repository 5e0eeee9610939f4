package dev.gyre.ingest.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.events.SampleDocument.Message;
import dev.gyre.ingest.sample.Admission.Admitted;
import dev.gyre.ingest.sample.Admission.Refused;
import dev.gyre.ingest.source.Limits;
import dev.gyre.ingest.source.Mapping;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionRuleTest {

    private static final Mapping PAIRS =
            new Mapping("idx", "q", "input", null, List.of("a", "b"), "topic", "person", List.of("votes"), null, null);

    private final AdmissionRule rule = new AdmissionRule(PAIRS, new Limits(30));

    @Test
    void rowBecomesADocument() {
        var admitted = admitted(
                "{\"idx\":7,\"q\":\" Why?\\r\\n\",\"input\":\"Sky\",\"a\":\"Air\",\"b\":\"Sea\",\"topic\":\"sky\",\"person\":\"p1\",\"votes\":[1,2]}");

        assertThat(admitted.externalId()).isEqualTo("7");
        assertThat(admitted.slice()).isEqualTo("sky");
        assertThat(admitted.subject()).isEqualTo("p1");
        assertThat(admitted.document().prompt()).isEqualTo("Why?\nSky");
        assertThat(admitted.document().candidates()).containsExactly("Air", "Sea");
        assertThat(admitted.document().metadata()).containsEntry("votes", "[1,2]");
    }

    @Test
    void rowsThatReadTheSameHaveOneFingerprint() {
        var one = admitted("{\"idx\":1,\"q\":\"cafe\\u0301\",\"a\":\"x\",\"b\":\"y\",\"votes\":3}");
        var other = admitted("{\"idx\":2,\"q\":\"caf\\u00e9 \",\"a\":\"x\\r\\n\",\"b\":\"y\",\"topic\":\"t\"}");

        assertThat(one.fingerprint()).isEqualTo(other.fingerprint());
        assertThat(admitted("{\"idx\":1,\"q\":\"caf\\u00e9\",\"a\":\"y\",\"b\":\"x\"}")
                        .fingerprint())
                .isNotEqualTo(one.fingerprint());
    }

    @Test
    void sliceAndSubjectMayBeMissing() {
        var admitted = admitted("{\"idx\":\"x\",\"q\":\"Why?\",\"a\":\"1\",\"b\":\"2\",\"input\":null}");

        assertThat(admitted.slice()).isEqualTo(Mapping.EVERYTHING);
        assertThat(admitted.subject()).isNull();
    }

    @Test
    void candidateThatIsNotTextIsRefused() {
        assertThat(refused("{\"idx\":1,\"q\":\"Why?\",\"a\":true,\"b\":\"x\"}"))
                .isEqualTo(new Refused(
                        Reason.NOT_TEXT, "column 'a' is JSON true, must be text; write it in quotes if it is meant"));
        assertThat(refused("{\"idx\":1,\"q\":\"Why?\",\"a\":\"x\",\"b\":null}").reason())
                .isEqualTo(Reason.NOT_TEXT);
        assertThat(refused("{\"idx\":1,\"q\":12,\"a\":\"x\",\"b\":\"y\"}").detail())
                .contains("'q' is JSON number");
    }

    @Test
    void missingColumnIsNamedWithThoseThatAreThere() {
        assertThat(refused("{\"idx\":1,\"q\":\"Why?\",\"a\":\"x\"}"))
                .isEqualTo(new Refused(
                        Reason.MISSING_COLUMN,
                        "column 'b' is missing, the row has [idx, q, a]; add it or correct the mapping"));
        assertThat(refused("{\"q\":\"Why?\",\"a\":\"x\",\"b\":\"y\"}").reason()).isEqualTo(Reason.MISSING_COLUMN);
    }

    @Test
    void nothingLeftAfterCleaningIsEmpty() {
        assertThat(refused("{\"idx\":1,\"q\":\" \\u0000\\n\",\"a\":\"x\",\"b\":\"y\"}")
                        .reason())
                .isEqualTo(Reason.EMPTY);
        assertThat(refused("{\"idx\":\" \",\"q\":\"Why?\",\"a\":\"x\",\"b\":\"y\"}")
                        .reason())
                .isEqualTo(Reason.EMPTY);
    }

    @Test
    void halfACharacterIsBrokenUtf8() {
        assertThat(refused("{\"idx\":1,\"q\":\"Why?\",\"a\":\"x\\ud83d\",\"b\":\"y\"}")
                        .detail())
                .isEqualTo("column 'a' is not UTF-8 at character 2; save the file as UTF-8");
    }

    @Test
    void promptAndLongestAnswerMustFit() {
        assertThat(admitted("{\"idx\":1,\"q\":\"1234567890\",\"a\":\"12345678901234567890\",\"b\":\"y\"}"))
                .isNotNull();
        assertThat(refused("{\"idx\":1,\"q\":\"1234567890\",\"a\":\"123456789012345678901\",\"b\":\"y\"}"))
                .isEqualTo(
                        new Refused(
                                Reason.TOO_LONG,
                                "prompt of 10 and longest answer of 21 are 31 characters, at most 30; shorten them or raise limits.maxCharacters"));
    }

    @Test
    void candidatesThatAllSayTheSameAreRefused() {
        assertThat(refused("{\"idx\":1,\"q\":\"Why?\",\"a\":\"x\",\"b\":\"x \"}")
                        .reason())
                .isEqualTo(Reason.IDENTICAL_CANDIDATES);
    }

    @Test
    void conversationKeepsItsTurns() {
        var sharegpt = conversation(
                "{\"c\":[{\"from\":\"human\",\"value\":\" Hi \"},{\"from\":\"gpt\",\"value\":\"Hey.\"}]}");
        var text = conversation(
                "{\"c\":\"[{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"Hi\\\"},{\\\"role\\\":\\\"assistant\\\",\\\"content\\\":\\\"Hey.\\\"}]\"}");

        assertThat(((Admitted) sharegpt).document().messages())
                .containsExactly(new Message("user", "Hi"), new Message("assistant", "Hey."));
        assertThat(((Admitted) sharegpt).document().prompt()).isEqualTo("user: Hi\n\nassistant: Hey.");
        assertThat(((Admitted) text).fingerprint()).isEqualTo(((Admitted) sharegpt).fingerprint());
    }

    @Test
    void brokenConversationIsRefusedByItsTurn() {
        assertThat(conversation("{\"c\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"user\"}]}"))
                .isEqualTo(
                        new Refused(
                                Reason.BROKEN_CONVERSATION,
                                "column 'c' holds in turn 2 no 'role' and 'content' (or 'from' and 'value') that are text"));
        assertThat(((Refused) conversation("{\"c\":\"Hi\"}")).detail()).contains("no JSON");
        assertThat(((Refused) conversation("{\"c\":{\"role\":\"user\"}}")).detail()).contains("no array of turns");
        assertThat(((Refused) conversation("{\"c\":[]}")).reason()).isEqualTo(Reason.EMPTY);
        assertThat(((Refused) conversation("{}")).reason()).isEqualTo(Reason.MISSING_COLUMN);
    }

    private static Admission conversation(String row) {
        var mapping = new Mapping(null, null, null, null, List.of(), null, null, List.of(), null, "c");
        try {
            return new AdmissionRule(mapping, new Limits(100)).admit(new ObjectMapper().readTree(row));
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private Admitted admitted(String row) {
        return (Admitted) admit(row);
    }

    private Refused refused(String row) {
        return (Refused) admit(row);
    }

    private Admission admit(String row) {
        try {
            return rule.admit(new ObjectMapper().readTree(row));
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }
}
