package dev.gyre.llm.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.text.jinja.Limits;
import dev.gyre.llm.text.jinja.Rendering;
import dev.gyre.llm.text.jinja.Span;
import dev.gyre.llm.text.jinja.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a model wants a conversation written: a Jinja template as transformers runs it.
///
/// It runs within [Limits] and sees only the conversation; safe for several threads.
public final class ChatTemplate {

    private static final List<String> SPECIAL_TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    /// When the rows of a training are written; a day that templates of the field have as theirs.
    static final LocalDateTime DAY = LocalDateTime.of(2024, 7, 26, 0, 0);

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

    /// The template of a folder, none where it has none.
    ///
    /// @throws IllegalArgumentException where it has one that cannot be read
    public static Optional<ChatTemplate> find(Path folder) {
        var configuration = folder.resolve("tokenizer_config.json");
        boolean there = Files.isRegularFile(configuration)
                && (Files.isRegularFile(folder.resolve("chat_template.jinja"))
                        || JsonFile.read(configuration).hasNonNull("chat_template"));
        return there ? Optional.of(open(folder)) : Optional.empty();
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

    /// Writes a conversation to learn from, with what the assistant says marked by its place: by the template itself
    /// (`{% generation %}`), or else as what each of its messages adds to the conversation that waits for it.
    ///
    /// It is written as on a fixed day, so that the same row is the same text whenever it is read.
    ///
    /// @throws IllegalArgumentException where the template refuses it, or rewrites what came before a message and
    /// marks nothing, so that the assistant's part cannot be told
    public Rendering lesson(Chat chat) {
        var whole = render(chat, DAY);
        return whole.generated().isEmpty() ? new Rendering(whole.text(), said(chat, whole.text())) : whole;
    }

    /// Where each of the assistant's messages stands, from behind what invites it to behind what closes it.
    private List<Span> said(Chat chat, String whole) {
        var spans = new ArrayList<Span>();
        for (int i = 0; i < chat.messages().size(); i++) {
            if (!chat.messages().get(i).path("role").asText().equals("assistant")) {
                continue;
            }
            var before = render(chat.first(i).forAnswer(), DAY).text();
            var after = render(chat.first(i + 1), DAY).text();
            if (!after.startsWith(before) || !whole.startsWith(after)) {
                throw new IllegalArgumentException(
                        "the chat template rewrites what stands before message %d, and marks nothing as the assistant's; put {%% generation %%} and {%% endgeneration %%} into it"
                                .formatted(i));
            }
            spans.add(new Span(before.codePointCount(0, before.length()), after.codePointCount(0, after.length())));
        }
        return spans;
    }
}
