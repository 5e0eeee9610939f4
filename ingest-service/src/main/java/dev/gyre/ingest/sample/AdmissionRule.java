package dev.gyre.ingest.sample;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.artifacts.Digests;
import dev.gyre.events.SampleDocument;
import dev.gyre.ingest.sample.Admission.Admitted;
import dev.gyre.ingest.sample.Admission.Refused;
import dev.gyre.ingest.source.Limits;
import dev.gyre.ingest.source.Mapping;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides by its own columns whether a row can be a sample; whether the source has it already is decided later.
public record AdmissionRule(Mapping mapping, Limits limits) {

    private static final int LONGEST_KEY = 512;

    public Admission admit(JsonNode row) {
        var objection = objectionTo(row);
        return objection == null ? document(row) : objection;
    }

    private @Nullable Refused objectionTo(JsonNode row) {
        for (var column : mapping.texts()) {
            var objection = objectionToText(row, column);
            if (objection != null) {
                return objection;
            }
        }
        for (var column : mapping.columns()) {
            var objection = objectionToUse(row, column);
            if (objection != null) {
                return objection;
            }
        }
        var context = mapping.context() == null ? null : row.get(mapping.context());
        if (context != null && !context.isNull() && !context.isTextual()) {
            return notText(String.valueOf(mapping.context()), context);
        }
        return mapping.id() == null ? null : objectionToId(row, mapping.id());
    }

    private static @Nullable Refused objectionToText(JsonNode row, String column) {
        var value = row.get(column);
        if (value == null) {
            return missing(row, column);
        }
        if (!value.isTextual()) {
            return notText(column, value);
        }
        return TextCleaner.clean(value.textValue()).isEmpty()
                ? new Refused(Reason.EMPTY, "column '%s' holds no text; fill it or leave the row out".formatted(column))
                : null;
    }

    /// What holds for every column, wanted or not: readable, and a key short enough to be one.
    private @Nullable Refused objectionToUse(JsonNode row, String column) {
        var value = row.get(column);
        if (value == null || !value.isTextual()) {
            return null;
        }
        var broken = Utf8.brokenAt(value.textValue());
        if (broken >= 0) {
            return new Refused(
                    Reason.BROKEN_UTF8,
                    "column '%s' is not UTF-8 at character %d; save the file as UTF-8".formatted(column, broken + 1));
        }
        var isKey = Stream.of(mapping.id(), mapping.slice(), mapping.subject()).anyMatch(column::equals);
        return isKey && value.textValue().length() > LONGEST_KEY
                ? new Refused(
                        Reason.TOO_LONG,
                        "column '%s' has %d characters, at most %d in an id, slice or subject"
                                .formatted(column, value.textValue().length(), LONGEST_KEY))
                : null;
    }

    private static @Nullable Refused objectionToId(JsonNode row, String column) {
        var value = row.get(column);
        if (value == null || value.isNull()) {
            return missing(row, column);
        }
        if (!value.isValueNode()) {
            return notText(column, value);
        }
        return TextCleaner.clean(value.asText()).isEmpty()
                ? new Refused(Reason.EMPTY, "column '%s' holds no id; number the rows".formatted(column))
                : null;
    }

    private Admission document(JsonNode row) {
        if (mapping.messages() == null) {
            return document(
                    row, mapping.fill(text(row, mapping.prompt()), text(row, mapping.context())), List.of());
        }
        var turns = row.get(mapping.messages());
        if (turns == null) {
            return missing(row, mapping.messages());
        }
        return switch (Turns.of(turns)) {
            case Turns.Read(var messages) -> document(row, Turns.transcript(messages), messages);
            case Turns.Wrong(var reason, var how) ->
                new Refused(reason, "column '%s' %s".formatted(mapping.messages(), how));
        };
    }

    private Admission document(JsonNode row, String prompt, List<SampleDocument.Message> messages) {
        var completion = mapping.completion() == null ? null : text(row, mapping.completion());
        var candidates =
                mapping.candidates().stream().map(column -> text(row, column)).toList();
        var answer = Stream.concat(Stream.ofNullable(completion), candidates.stream())
                .mapToInt(AdmissionRule::characters)
                .max()
                .orElse(0);
        if (characters(prompt) + answer > limits.maxCharacters()) {
            return new Refused(
                    Reason.TOO_LONG,
                    "prompt of %d and longest answer of %d are %d characters, at most %d; shorten them or raise limits.maxCharacters"
                            .formatted(
                                    characters(prompt), answer, characters(prompt) + answer, limits.maxCharacters()));
        }
        if (!candidates.isEmpty() && new HashSet<>(candidates).size() == 1) {
            return new Refused(
                    Reason.IDENTICAL_CANDIDATES,
                    "columns %s say the same; there is nothing to choose".formatted(mapping.candidates()));
        }
        var plain = new SampleDocument(prompt, completion, candidates, Map.of(), messages);
        var fingerprint = Digests.sha256(DocumentJson.write(plain));
        return new Admitted(
                key(row, mapping.id()),
                slice(row),
                key(row, mapping.subject()),
                new SampleDocument(prompt, completion, candidates, metadata(row, mapping.metadata()), messages),
                fingerprint);
    }

    private String slice(JsonNode row) {
        var slice = key(row, mapping.slice());
        return slice == null ? Mapping.EVERYTHING : slice;
    }

    /// The clean text of a column, empty where the row has none.
    private static String text(JsonNode row, @Nullable String column) {
        var value = column == null ? null : row.get(column);
        return value == null || !value.isTextual() ? "" : TextCleaner.clean(value.textValue());
    }

    /// A name: text or a number, nothing where the row has none.
    private static @Nullable String key(JsonNode row, @Nullable String column) {
        var value = column == null ? null : row.get(column);
        if (value == null || value.isNull() || !value.isValueNode()) {
            return null;
        }
        var key = TextCleaner.clean(value.asText());
        return key.isEmpty() ? null : key;
    }

    private static Map<String, String> metadata(JsonNode row, List<String> columns) {
        var metadata = new TreeMap<String, String>();
        for (var column : columns) {
            var value = row.get(column);
            if (value != null && !value.isNull()) {
                metadata.put(column, TextCleaner.clean(value.isValueNode() ? value.asText() : value.toString()));
            }
        }
        return metadata;
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static Refused missing(JsonNode row, String column) {
        var names = row.properties().stream()
                .limit(20)
                .map(Map.Entry::getKey)
                .map(name -> name.length() > 40 ? name.substring(0, 40) + "…" : name)
                .toList();
        return new Refused(
                Reason.MISSING_COLUMN,
                "column '%s' is missing, the row has %s; add it or correct the mapping".formatted(column, names));
    }

    private static Refused notText(String column, JsonNode value) {
        var found = value.isBoolean() || value.isNull()
                ? value.asText()
                : value.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
        return new Refused(
                Reason.NOT_TEXT,
                "column '%s' is JSON %s, must be text; write it in quotes if it is meant".formatted(column, found));
    }
}
