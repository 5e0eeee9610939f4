package dev.gyre.annotation.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// An answer as one text, as short as its type allows: `A2`, `tie`, `bad`, `B>A=C`, `4`, a label, the words, else JSON.
public final class AnswerWord {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern PREFERENCE = Pattern.compile("([A-I])([123])?");
    private static final String TIE = "tie";
    private static final String BAD = "bad";

    private AnswerWord() {}

    /// @param type of the question, as `PAIRWISE`
    /// @param answer in the fields of the API
    public static String of(String type, JsonNode answer) {
        return switch (type) {
            case "PAIRWISE" -> preference(answer);
            case "RANKING" -> ranking(answer.path("ranking"));
            case "LABEL" -> answer.path("label").asText();
            case "RATING" ->
                answer.has("rating") ? answer.path("rating").asText() : answer.path("ratings").toString();
            case "TEXT", "DEMONSTRATION" -> answer.path("text").asText();
            case "LABELS" -> answer.path("labels").toString();
            case "SPANS" -> answer.path("spans").toString();
            case "TURNS" -> answer.path("turns").toString();
            default -> answer.toString();
        };
    }

    private static String preference(JsonNode answer) {
        if (answer.path("bothBad").asBoolean()) {
            return BAD;
        }
        return answer.hasNonNull("choice")
                ? answer.path("choice").asText() + answer.path("strength").asInt(1)
                : TIE;
    }

    private static String ranking(JsonNode ranking) {
        var places = new ArrayList<String>();
        for (var ties : ranking) {
            var place = new ArrayList<String>();
            ties.forEach(id -> place.add(id.asText()));
            places.add(String.join("=", place));
        }
        return places.stream().collect(Collectors.joining(">"));
    }

    /// The answer that a text means, in the fields of the API.
    ///
    /// @throws IllegalArgumentException if it means none
    public static ObjectNode parse(String type, String word) {
        var answer = JsonNodeFactory.instance.objectNode();
        switch (type) {
            case "PAIRWISE" -> preference(answer, word.strip());
            case "RANKING" -> {
                var ranking = answer.putArray("ranking");
                for (var ties : word.strip().split(">", -1)) {
                    var place = ranking.addArray();
                    List.of(ties.split("=", -1)).forEach(id -> place.add(id.strip()));
                }
            }
            case "LABEL" -> answer.put("label", word);
            case "RATING" -> {
                if (word.strip().startsWith("{")) {
                    answer.set("ratings", json(word));
                } else {
                    answer.put("rating", whole(word.strip()));
                }
            }
            case "TEXT", "DEMONSTRATION" -> answer.put("text", word);
            case "LABELS" -> answer.set("labels", json(word));
            case "SPANS" -> answer.set("spans", json(word));
            case "TURNS" -> answer.set("turns", json(word));
            default -> {
                if (!(json(word) instanceof ObjectNode object)) {
                    throw new IllegalArgumentException("'%s' is no JSON object".formatted(word));
                }
                return object;
            }
        }
        return answer;
    }

    private static void preference(ObjectNode answer, String word) {
        var choice = PREFERENCE.matcher(word);
        if (choice.matches()) {
            answer.put("choice", choice.group(1))
                    .put("strength", choice.group(2) == null ? 1 : Integer.parseInt(choice.group(2)));
        } else if (word.equals(BAD)) {
            answer.put("bothBad", true);
        } else if (word.equals(TIE)) {
            answer.put("strength", 0);
        } else {
            throw new IllegalArgumentException(
                    "'%s' is no preference, must be tie, bad, or a candidate and how much: A, A2, B3".formatted(word));
        }
    }

    private static int whole(String word) {
        try {
            return Integer.parseInt(word.endsWith(".0") ? word.substring(0, word.length() - 2) : word);
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException("'%s' is no whole number".formatted(word), none);
        }
    }

    private static JsonNode json(String word) {
        try {
            return JSON.readTree(word);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("'%s' is no JSON".formatted(word), broken);
        }
    }
}
