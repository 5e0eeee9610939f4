package dev.gyre.annotation.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.export.Dossier.Option;
import dev.gyre.annotation.export.Dossier.Said;
import dev.gyre.annotation.export.Dossier.Voice;
import dev.gyre.annotation.export.ExportStore.Judged;
import dev.gyre.annotation.export.ExportStore.Kept;
import dev.gyre.annotation.export.ExportStore.Spoken;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.SampleDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Fetches the texts of a judged task.
record DossierReader(ArtifactStore artifacts) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /// Nothing where one of its texts was erased.
    Optional<Dossier> read(Judged judged) {
        try {
            var document = document(judged);
            return Optional.of(new Dossier(
                    judged.task(),
                    judged.externalId(),
                    judged.slice(),
                    document,
                    options(judged, document),
                    judged.voices().stream().map(this::voice).toList()));
        } catch (UncheckedIOException failure) {
            if (texts(judged).stream().allMatch(artifacts::exists)) {
                throw failure;
            }
            return Optional.empty();
        }
    }

    private SampleDocument document(Judged judged) {
        try {
            return JSON.readValue(artifacts.read(judged.content()), SampleDocument.class);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(
                    "the text of task %s is not a sample document".formatted(judged.task()), broken);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Recorded answers stand in the sample; those of a model stand alone.
    private List<Option> options(Judged judged, SampleDocument document) {
        var options = new ArrayList<Option>();
        for (int at = 0; at < judged.candidates().size(); at++) {
            var candidate = judged.candidates().get(at);
            var model = candidate.model();
            options.add(
                    model == null
                            ? new Option(
                                    candidate.id(), null, document.candidates().get(at))
                            : new Option(candidate.id(), model.toString(), artifacts.readText(candidate.text())));
        }
        return options;
    }

    private Voice voice(Spoken spoken) {
        var answers = new LinkedHashMap<String, Said>();
        spoken.answers().forEach(kept -> answers.put(kept.question(), said(kept)));
        return new Voice(
                spoken.judgement(),
                spoken.annotator(),
                spoken.kind(),
                spoken.schemaVersion(),
                spoken.comment() == null ? null : artifacts.readText(spoken.comment()),
                spoken.activeMillis(),
                spoken.givenAt(),
                spoken.shownOrder(),
                answers);
    }

    private Said said(Kept kept) {
        ObjectNode json = kept.data().deepCopy();
        var words = kept.text();
        if (words != null && kept.type().equals("TURNS")) {
            json.set("turns", turns(words));
        } else if (words != null) {
            json.put("text", artifacts.readText(words));
        }
        return new Said(kept.type(), kept.value(), json);
    }

    private JsonNode turns(ArtifactRef words) {
        try {
            return JSON.readTree(artifacts.read(words));
        } catch (IOException broken) {
            throw new IllegalStateException("the turns in %s are no JSON".formatted(words.location()), broken);
        }
    }

    private static List<ArtifactRef> texts(Judged judged) {
        var texts = new ArrayList<@Nullable ArtifactRef>();
        texts.add(judged.content());
        judged.candidates().stream()
                .filter(candidate -> candidate.model() != null)
                .map(Candidate::text)
                .forEach(texts::add);
        judged.voices().forEach(spoken -> {
            texts.add(spoken.comment());
            spoken.answers().forEach(kept -> texts.add(kept.text()));
        });
        return texts.stream().<ArtifactRef>mapMulti((text, present) -> {
            if (text != null) {
                present.accept(text);
            }
        }).toList();
    }
}
