package dev.gyre.llm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gyre.llm.text.Chat;
import dev.gyre.llm.text.ChatTemplate;
import dev.gyre.llm.text.jinja.Span;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Renders every conversation with every chat template: texts and assistant spans.
final class ChatSection {

    private static final String DATE = "<DATE>";
    private static final String REFUSED = "an error";
    private static final String PROMPT = "_genprompt";

    private ChatSection() {}

    static Section section() {
        return Section.of("templates", ChatSection::verify);
    }

    private static void verify(Path folder, JsonNode index, String key, Findings findings) {
        var tokens = new HashMap<String, String>();
        List.of("bos_token", "eos_token", "pad_token").stream()
                .filter(index::has)
                .forEach(name -> tokens.put(name, index.path(name).asText()));
        index.path(key).properties().forEach(entry -> {
            var at = findings.at(entry.getKey());
            at.onlyKnown(entry.getValue(), List.of("template", "renderings"));
            var source = entry.getValue().path("template").asText();
            entry.getValue()
                    .path("renderings")
                    .properties()
                    .forEach(rendering -> rendering(
                            index.path("conversations"), rendering.getKey(), rendering.getValue(), source, tokens, at));
        });
    }

    private static void rendering(
            JsonNode conversations,
            String name,
            JsonNode want,
            String source,
            Map<String, String> tokens,
            Findings findings) {
        findings.at(name).onlyKnown(want, List.of("text", "assistant_spans", "error"));
        if (want.has("error")) {
            findings.exact(name + "/error", outcome(conversations, name, source, tokens), REFUSED);
            return;
        }
        findings.attempt(name + "/text", () -> {
            var got = ChatTemplate.of(source, tokens).render(chat(conversations, name));
            var wanted = want.path("text").asText();
            findings.exact(name + "/text", dated(wanted).matcher(got.text()).matches() ? wanted : got.text(), wanted);
            findings.exact(name + "/assistant_spans", got.generated(), spans(want.path("assistant_spans")));
        });
    }

    private static String outcome(JsonNode conversations, String name, String source, Map<String, String> tokens) {
        var chat = chat(conversations, name);
        try {
            return ChatTemplate.of(source, tokens).render(chat).text();
        } catch (IllegalArgumentException refused) {
            return REFUSED;
        }
    }

    private static Chat chat(JsonNode conversations, String name) {
        if (conversations.has(name)) {
            return Chat.of(conversations.path(name));
        }
        var whole = name.endsWith(PROMPT) ? name.substring(0, name.length() - PROMPT.length()) : name;
        if (!name.endsWith(PROMPT)
                || !(conversations.path(whole) instanceof ArrayNode messages)
                || messages.isEmpty()) {
            throw new IllegalArgumentException("conversation %s is not known".formatted(name));
        }
        var asked = messages.deepCopy();
        asked.remove(asked.size() - 1);
        return Chat.of(asked).forAnswer();
    }

    private static Pattern dated(String text) {
        return Pattern.compile(Stream.of(text.split(Pattern.quote(DATE), -1))
                .map(Pattern::quote)
                .collect(Collectors.joining("[\\p{Alnum} ,./:-]{4,30}")));
    }

    private static List<Span> spans(JsonNode pairs) {
        var spans = new java.util.ArrayList<Span>();
        pairs.forEach(
                pair -> spans.add(new Span(pair.path(0).asInt(), pair.path(1).asInt())));
        return spans;
    }
}
