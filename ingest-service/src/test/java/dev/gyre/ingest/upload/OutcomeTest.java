package dev.gyre.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.events.ArtifactRef;
import dev.gyre.events.SampleDocument;
import dev.gyre.ingest.sample.Admission.Admitted;
import dev.gyre.ingest.sample.Reason;
import dev.gyre.ingest.upload.Outcome.Accepted;
import dev.gyre.ingest.upload.Outcome.Fit;
import dev.gyre.ingest.upload.Outcome.Known;
import dev.gyre.ingest.upload.Outcome.Refused;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutcomeTest {

    private static final UUID SOURCE = new UUID(0, 1);
    private static final UUID UPLOAD = new UUID(0, 2);

    @Test
    void repeatWithinTheFileNamesTheFirst() {
        var settled = settle(List.of(fit(1, "a", "one"), fit(2, "b", "one")), List.of());

        assertThat(settled.getFirst()).isInstanceOf(Accepted.class);
        assertThat(settled.getLast())
                .isEqualTo(new Refused(
                        2,
                        Reason.DUPLICATE,
                        "says the same as row 1 of now.jsonl (sample %s); nothing to do"
                                .formatted(((Accepted) settled.getFirst()).sample())));
    }

    @Test
    void repeatOfAnEarlierUploadNamesIt() {
        var known = new Known(new UUID(0, 9), "z", "one", "before.csv", 17);

        assertThat(settle(List.of(fit(1, "a", "one")), List.of(known)))
                .isEqualTo(
                        List.of(
                                new Refused(
                                        1,
                                        Reason.DUPLICATE,
                                        "says the same as row 17 of before.csv (sample 00000000-0000-0000-0000-000000000009); nothing to do")));
    }

    @Test
    void idOfAnotherTextIsTaken() {
        var settled = settle(List.of(fit(1, "a", "one"), fit(2, "a", "two")), List.of());

        assertThat(settled.getLast())
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.ID_TAKEN));
    }

    @Test
    void rowWithoutAnIdIsCalledByItsUploadAndNumber() {
        assertThat(settle(List.of(fit(3, null, "one")), List.of()).getFirst())
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.externalId()).isEqualTo(UPLOAD + ":3"));
    }

    @Test
    void sameTextInTheSameSourceIsTheSameSample() {
        var once = (Accepted) settle(List.of(fit(1, null, "one")), List.of()).getFirst();
        var again = (Accepted) settle(List.of(fit(5, null, "one")), List.of()).getFirst();

        assertThat(once.sample()).isEqualTo(again.sample());
    }

    private static List<Outcome> settle(List<Outcome> rows, List<Known> known) {
        return Outcome.settle(rows, known, SOURCE, UPLOAD, "now.jsonl");
    }

    private static Outcome fit(long row, @Nullable String id, String fingerprint) {
        var document = new SampleDocument("q", null, List.of(), Map.of());
        var content = new ArtifactRef(URI.create("s3://gyre/demo/aa/aa"), "aa", 1);
        return new Fit(row, new Admitted(id, "all", null, document, fingerprint), content);
    }
}
