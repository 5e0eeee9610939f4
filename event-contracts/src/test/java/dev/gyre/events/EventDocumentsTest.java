package dev.gyre.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The published contract says what the code says. `-Dgyre.update=true` writes the two schema files anew.
class EventDocumentsTest {

    private static final Path DOCS = Path.of("../docs");

    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final Map<String, Object> definitions = new TreeMap<>();

    @Test
    void everyTopicFactAndFieldStandsInEventsMd() throws IOException {
        var text = Files.readString(DOCS.resolve("events.md"));

        for (var topic : Facts.topics()) {
            assertThat(text).contains("## `" + Facts.topicOf(topic) + "`");
            for (var fact : Facts.of(topic)) {
                assertThat(text).contains("`" + fact.getSimpleName() + "`");
                Facts.componentsOf(fact).forEach(field -> assertThat(text).contains("`" + field + "`"));
            }
        }
    }

    @Test
    void jsonSchemaIsThatOfTheRecords() throws IOException {
        Facts.all().forEach(this::define);
        var schema = new LinkedHashMap<String, Object>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Facts of Gyre");
        schema.put("oneOf", Facts.all().map(fact -> reference("#/$defs/", fact)).toList());
        schema.put("$defs", definitions);

        isPublished("events.schema.json", schema);
    }

    @Test
    void asyncApiHasEveryTopic() throws IOException {
        var channels = new TreeMap<String, Object>();
        var operations = new TreeMap<String, Object>();
        var messages = new TreeMap<String, Object>();
        for (var topic : Facts.topics()) {
            var name = Facts.topicOf(topic);
            var told = new TreeMap<String, Object>();
            for (var fact : Facts.of(topic)) {
                var simple = fact.getSimpleName();
                told.put(simple, Map.of("$ref", "#/components/messages/" + simple));
                messages.put(
                        simple,
                        new TreeMap<>(Map.of(
                                "name",
                                "dev.gyre." + simple,
                                "contentType",
                                "application/json",
                                "payload",
                                Map.of("$ref", "events.schema.json#/$defs/" + simple))));
            }
            channels.put(name, new TreeMap<>(Map.of("address", name, "messages", told)));
            operations.put(
                    "hear-" + name,
                    new TreeMap<>(Map.of("action", "receive", "channel", Map.of("$ref", "#/channels/" + name))));
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("asyncapi", "3.0.0");
        document.put("info", new TreeMap<>(Map.of("title", "Facts of Gyre", "version", "0.1.0")));
        document.put("channels", channels);
        document.put("operations", operations);
        document.put("components", Map.of("messages", messages));

        isPublished("events.asyncapi.json", document);
    }

    private void isPublished(String file, Map<String, Object> expected) throws IOException {
        var published = DOCS.resolve(file);
        if (Boolean.getBoolean("gyre.update")) {
            Files.writeString(published, json.writeValueAsString(expected) + "\n");
        }
        assertThat(json.readTree(Files.readString(published))).isEqualTo(json.valueToTree(expected));
    }

    private static Map<String, String> reference(String prefix, Class<?> type) {
        return Map.of("$ref", prefix + type.getSimpleName());
    }

    private void define(Class<?> record) {
        var properties = new LinkedHashMap<String, Object>();
        List<String> required = new ArrayList<>();
        if (Fact.class.isAssignableFrom(record)) {
            properties.put("type", Map.of("const", record.getSimpleName()));
            required.add("type");
        }
        for (var component : record.getRecordComponents()) {
            properties.put(component.getName(), schemaOf(component));
            required.add(component.getName());
        }
        var schema = new LinkedHashMap<String, Object>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", required);
        definitions.put(record.getSimpleName(), schema);
    }

    private Object schemaOf(RecordComponent component) {
        var schema = schemaOf(component.getGenericType());
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                ? Map.of("anyOf", List.of(schema, Map.of("type", "null")))
                : schema;
    }

    private Object schemaOf(Type type) {
        if (type instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? new TreeMap<>(Map.of("type", "array", "items", schemaOf(arguments[0])))
                    : new TreeMap<>(Map.of("type", "object", "additionalProperties", schemaOf(arguments[1])));
        }
        var plain = (Class<?>) type;
        if (plain.isRecord()) {
            if (!definitions.containsKey(plain.getSimpleName())) {
                define(plain);
            }
            return reference("#/$defs/", plain);
        }
        if (plain.isEnum()) {
            return Map.of(
                    "enum",
                    Arrays.stream(plain.getEnumConstants())
                            .map(Object::toString)
                            .toList());
        }
        return Map.of("type", scalar(plain));
    }

    private static String scalar(Class<?> type) {
        if (type == String.class || type == URI.class) {
            return "string";
        }
        if (type == boolean.class) {
            return "boolean";
        }
        return type == double.class || type == Double.class ? "number" : "integer";
    }
}
