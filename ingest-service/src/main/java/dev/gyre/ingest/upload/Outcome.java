package dev.gyre.ingest.upload;

import dev.gyre.events.ArtifactRef;
import dev.gyre.ingest.sample.Admission.Admitted;
import dev.gyre.ingest.sample.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What becomes of one row of an upload.
sealed interface Outcome {

    long row();

    /// A row with a text that its source does not have yet.
    record Accepted(long row, UUID sample, String externalId, Admitted admitted, ArtifactRef content)
            implements Outcome {}

    record Refused(long row, Reason reason, String detail) implements Outcome {}

    /// A row that is fit by itself and whose text is in the artifact store, unless the source has it already.
    record Fit(long row, Admitted admitted, @Nullable ArtifactRef content) implements Outcome {}

    /// A sample that the source has.
    record Known(UUID id, String externalId, String fingerprint, String file, long atRow) {

        String where() {
            return "row %d of %s (sample %s)".formatted(atRow, file, id);
        }
    }

    /// Decides, in the order of the rows, which of the fit ones are new to the source.
    ///
    /// @param outcomes refused and fit rows
    /// @param known the samples of the source that share a fingerprint or an id with any of them
    /// @return accepted and refused rows
    static List<Outcome> settle(List<Outcome> outcomes, List<Known> known, UUID source, UUID upload, String file) {
        var texts = new HashMap<String, Known>();
        var ids = new HashMap<String, Known>();
        known.forEach(sample -> {
            texts.put(sample.fingerprint(), sample);
            ids.put(sample.externalId(), sample);
        });
        var settled = new ArrayList<Outcome>();
        for (var outcome : outcomes) {
            if (!(outcome instanceof Fit fit)) {
                settled.add(outcome);
                continue;
            }
            var decided = settle(fit, texts, ids, source, upload);
            settled.add(decided);
            if (decided instanceof Accepted accepted) {
                var fingerprint = accepted.admitted().fingerprint();
                var sample = new Known(accepted.sample(), accepted.externalId(), fingerprint, file, accepted.row());
                texts.put(fingerprint, sample);
                ids.put(accepted.externalId(), sample);
            }
        }
        return settled;
    }

    private static Outcome settle(Fit fit, Map<String, Known> texts, Map<String, Known> ids, UUID source, UUID upload) {
        var same = texts.get(fit.admitted().fingerprint());
        if (same != null) {
            return new Refused(
                    fit.row(), Reason.DUPLICATE, "says the same as %s; nothing to do".formatted(same.where()));
        }
        var externalId = externalId(fit, upload);
        var taken = ids.get(externalId);
        if (taken != null) {
            return new Refused(
                    fit.row(),
                    Reason.ID_TAKEN,
                    "its id belongs to %s, which says something else; give the row its own id"
                            .formatted(taken.where()));
        }
        if (fit.content() == null) {
            throw new IllegalStateException("the text of row %d is in no store".formatted(fit.row()));
        }
        return new Accepted(fit.row(), sampleId(source, fit.admitted()), externalId, fit.admitted(), fit.content());
    }

    /// The row's own id, else its upload and number.
    static String externalId(Fit fit, UUID upload) {
        var own = fit.admitted().externalId();
        return own == null ? "%s:%d".formatted(upload, fit.row()) : own;
    }

    /// The same text in the same source is the same sample, however often it is sent.
    private static UUID sampleId(UUID source, Admitted admitted) {
        return nameBased("%s:%s".formatted(source, admitted.fingerprint()));
    }

    static UUID nameBased(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
