package dev.gyre.cli.samples;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `samples/desk.yaml`: what the world is made of, in words.
///
/// @param seed of everything that is drawn
/// @param demonstrations rows wanted
/// @param preferences rows wanted
/// @param traffic interactions wanted
/// @param courses what the house begins to teach later
/// @param later what is asked from then on
/// @param prompt template with the slots `opening` and `ask`
/// @param asides answers to nothing that was asked
record Desk(
        long seed,
        int demonstrations,
        int preferences,
        Traffic traffic,
        String prompt,
        List<String> openings,
        List<String> rooms,
        List<Map<String, String>> days,
        List<Map<String, String>> things,
        Map<String, Topic> topics,
        List<Map<String, String>> courses,
        Map<String, Topic> later,
        List<String> asides) {

    /// @param before interactions of the world as it was
    /// @param after interactions once it has changed
    record Traffic(int before, int after) {}

    /// @param over what there is a question about: `things`, `days`, `delays` or `courses`
    /// @param keeps slots that the question fixes; a wrong answer takes the others from elsewhere
    /// @param always phrases of an answer that is the same in every case
    record Topic(
            String over,
            List<String> keeps,
            List<String> asks,
            @Nullable List<String> warm,
            @Nullable List<String> plain,
            @Nullable List<String> curt,
            @Nullable List<String> rambling,
            @JsonProperty("when in") @Nullable Phrases whenIn,
            @JsonProperty("when out") @Nullable Phrases whenOut,
            @JsonProperty("when open") @Nullable Phrases whenOpen,
            @JsonProperty("when closed") @Nullable Phrases whenClosed) {

        /// The phrases for the case that these facts are.
        List<String> phrases(Manner manner, Map<String, String> facts) {
            var fitting = switch (facts.getOrDefault("case", "")) {
                case "in" -> whenIn;
                case "out" -> whenOut;
                case "open" -> whenOpen;
                case "closed" -> whenClosed;
                default -> null;
            };
            var found = fitting == null ? new Phrases(warm, plain, curt, rambling) : fitting;
            return found.of(manner);
        }
    }

    record Phrases(
            @Nullable List<String> warm,
            @Nullable List<String> plain,
            @Nullable List<String> curt,
            @Nullable List<String> rambling) {

        List<String> of(Manner manner) {
            var found = switch (manner) {
                case WARM -> warm;
                case PLAIN -> plain;
                case CURT -> curt;
                case RAMBLING -> rambling;
                case ASIDE -> null;
            };
            if (found == null || found.isEmpty()) {
                throw new IllegalArgumentException("desk.yaml has a topic without a '%s' answer; write one"
                        .formatted(manner.name().toLowerCase(Locale.ROOT)));
            }
            return found;
        }
    }

    static Desk read(Path file) {
        try {
            return new ObjectMapper(new YAMLFactory())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(Files.readString(file), Desk.class);
        } catch (IOException broken) {
            throw new UncheckedIOException(
                    "%s cannot be read as a world: %s".formatted(file, broken.getMessage()), broken);
        }
    }
}
