package dev.gyre.llm.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.text.jinja.Limits;
import dev.gyre.llm.text.jinja.Rendering;
import dev.gyre.llm.text.jinja.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How a model wants a conversation written: a Jinja template as transformers runs it.
///
/// It runs within [Limits] and sees only the conversation; safe for several threads.
public final class ChatTemplate {

    private static final List<String> SPECIAL_TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private final Template template;
    private final Map<String, String> specialTokens;
    private final Limits limits;

    private ChatTemplate(Template template, Map<String, String> specialTokens, Limits limits) {
        this.template = template;
        this.specialTokens = Map.copyOf(specialTokens);
        this.limits = limits;
    }

    /// @param specialTokens by the names that the template has for them, as `bos_token`
    /// @throws IllegalArgumentException where the text is no template, with the line
    public static ChatTemplate of(String template, Map<String, String> specialTokens) {
        return new ChatTemplate(Template.of(template), specialTokens, Limits.USUAL);
    }

    /// Reads a Hugging Face folder: `chat_template.jinja`, or else `chat_template` in
    /// `tokenizer_config.json`, where several are named the one called `default`.
    ///
    /// @throws IllegalArgumentException where the folder has no template, or none that can be read
    public static ChatTemplate open(Path folder) {
        var configuration = JsonFile.read(folder.resolve("tokenizer_config.json"));
        var tokens = new HashMap<String, String>();
        for (var name : SPECIAL_TOKENS) {
            var token = configuration.path(name);
            var text = token.isObject() ? token.path("content").asText("") : token.asText("");
            if (!text.isEmpty() && !token.isNull()) {
                tokens.put(name, text);
            }
        }
        return of(source(folder, configuration.path("chat_template")), tokens);
    }

    private static String source(Path folder, JsonNode configured) {
        var file = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(file)) {
            try {
                return Files.readString(file);
            } catch (IOException broken) {
                throw new UncheckedIOException("%s cannot be read".formatted(file), broken);
            }
        }
        if (configured.isTextual()) {
            return configured.textValue();
        }
        for (var each : configured) {
            if (each.path("name").asText().equals("default")) {
                return each.path("template").asText();
            }
        }
        throw new IllegalArgumentException(
                "%s has no chat template; add chat_template.jinja or chat_template in tokenizer_config.json"
                        .formatted(folder));
    }

    /// The same template within other limits.
    public ChatTemplate within(Limits others) {
        return new ChatTemplate(template, specialTokens, others);
    }

    /// Writes a conversation; `strftime_now` tells the present time.
    ///
    /// @throws IllegalArgumentException where the template refuses it, fails, or goes beyond a limit
    public Rendering render(Chat chat) {
        return render(chat, LocalDateTime.now());
    }

    /// Writes a conversation as if it were this time.
    ///
    /// @return the text, and what the template marks as said by the assistant; nothing of a
    /// conversation that is still to be answered
    /// @throws IllegalArgumentException where the template refuses it, fails, or goes beyond a limit
    public Rendering render(Chat chat, LocalDateTime now) {
        var variables = new HashMap<String, JsonNode>();
        specialTokens.forEach((name, token) -> variables.put(name, TextNode.valueOf(token)));
        chat.settings().properties().forEach(entry -> variables.put(entry.getKey(), entry.getValue()));
        variables.put("messages", chat.messages());
        variables.put("tools", chat.tools());
        variables.put("documents", chat.documents());
        variables.put("add_generation_prompt", BooleanNode.valueOf(chat.toBeAnswered()));
        var rendering = template.render(variables, now, limits);
        return chat.toBeAnswered() ? new Rendering(rendering.text(), List.of()) : rendering;
    }
}
