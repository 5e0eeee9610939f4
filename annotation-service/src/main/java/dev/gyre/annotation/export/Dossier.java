package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.events.SampleDocument;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A judged task with all its texts and all that stands of what people said.
///
/// @param externalId the row's own id in its source
record Dossier(
        String task,
        String externalId,
        String slice,
        SampleDocument document,
        List<Option> options,
        List<Voice> voices) {

    Dossier {
        options = List.copyOf(options);
        voices = List.copyOf(voices);
    }

    /// A candidate.
    ///
    /// @param model the version that wrote it, unknown for recorded answers
    record Option(String id, @Nullable String model, String text) {}

    /// One judgement.
    ///
    /// @param kind `HUMAN`, `LLM`, `CODE` or `SIMULATED`
    /// @param givenAt as ISO 8601
    /// @param answers by question
    record Voice(
            String judgement,
            String annotator,
            String kind,
            int schemaVersion,
            @Nullable String comment,
            long activeMillis,
            String givenAt,
            List<String> shownOrder,
            Map<String, Said> answers) {

        Voice {
            shownOrder = List.copyOf(shownOrder);
            answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
        }

        Optional<Said> answer(String question) {
            return Optional.ofNullable(answers.get(question));
        }

        List<Said> answers(String type) {
            return answers.values().stream()
                    .filter(answer -> answer.type().equals(type))
                    .toList();
        }
    }

    /// An answer.
    ///
    /// @param type of its question
    /// @param value what it is counted as
    /// @param json in the fields of the API, with the annotator's words
    record Said(String type, @Nullable String value, ObjectNode json) {

        /// The place of a candidate in a ranking, from 0, ties together; after all others where it is not ranked.
        int place(String candidate) {
            var ranking = json.path("ranking");
            for (int place = 0; place < ranking.size(); place++) {
                for (var id : ranking.get(place)) {
                    if (id.asText().equals(candidate)) {
                        return place;
                    }
                }
            }
            return ranking.size();
        }

        String text() {
            return json.path("text").asText();
        }
    }

    Optional<Option> option(String id) {
        return options.stream().filter(option -> option.id().equals(id)).findFirst();
    }

    List<String> candidates() {
        return options.stream().map(Option::text).toList();
    }
}
