package dev.gyre.llm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {

    private static final String TEMPLATE = """
            {{ bos_token }}{{ mood }}
            {%- for message in messages %}
                {%- if message.role == 'assistant' %}
            #{% generation %}{{ message.content }}{{ eos_token }}{% endgeneration %}
                {%- else %}
            @{{ message.content }}
                {%- endif %}
            {%- endfor %}
            {%- if add_generation_prompt %}#{% endif %}
            """;

    private static final Chat CHAT = Chat.of(List.of(
            new Chat.Message("user", "Hi 🙂"),
            new Chat.Message("assistant", "Hi"),
            new Chat.Message("user", "Hi"),
            new Chat.Message("assistant", "Ja 🙂")));

    @TempDir
    Path folder;

    private void learn() throws IOException {
        BytePairTrainer.train(List.of("Hi Hi Hi", "Ja Ja"), 262, folder, 64);
        Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
    }

    @Test
    void onlyWhatTheAssistantSaysIsLearnedThoughTheSameWordStandsElsewhere() throws IOException {
        learn();

        var rendering = ChatTemplate.open(folder).render(CHAT);

        assertThat(rendering.text()).isEqualTo("<s>@Hi 🙂#Hi</s>@Hi#Ja 🙂</s>");
        try (var tokenizer = Tokenizer.open(folder)) {
            var row = tokenizer.encode(rendering);
            var learned = new StringBuilder();
            for (int i = 0; i < row.length(); i++) {
                learned.append(row.learned().get(i) ? "x" : ".");
            }
            assertThat(learned.toString()).matches("\\.+xx\\.{3}x+").hasSize(row.length());
            assertThat(Preflight.terminal(row))
                    .isEqualTo("\u001b[2m<s>@Hi 🙂#\u001b[0m\u001b[32mHi</s>\u001b[0m\u001b[2m@Hi#\u001b[0m"
                            + "\u001b[32mJa 🙂</s>\u001b[0m");
            assertThat(Preflight.html(row))
                    .isEqualTo("<pre class=\"mask\">&lt;s&gt;@Hi 🙂#<mark>Hi&lt;/s&gt;</mark>@Hi#"
                            + "<mark>Ja 🙂&lt;/s&gt;</mark></pre>");
        }
    }

    @Test
    void aConversationToBeAnsweredEndsWhereTheAnswerBeginsAndTeachesNothing() throws IOException {
        learn();

        var rendering = ChatTemplate.open(folder).render(CHAT.forAnswer().set("mood", TextNode.valueOf("!")));

        assertThat(rendering.text()).isEqualTo("<s>!@Hi 🙂#Hi</s>@Hi#Ja 🙂</s>#");
        assertThat(rendering.generated()).isEmpty();
    }

    @Test
    void theTemplateOfTheConfigurationIsFoundByItsNameToo() throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"bos_token": {"content": "B"}, "eos_token": null,
                 "chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "{{ bos_token }}d{{ eos_token }}"}]}
                """);

        assertThat(ChatTemplate.open(folder).render(CHAT).text()).isEqualTo("Bd");
    }

    @Test
    void aFolderWithoutTemplateAndMessagesWithoutRoleAreRefused() throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), "{}");

        assertThatThrownBy(() -> ChatTemplate.open(folder)).hasMessageContaining("has no chat template; add");
        assertThatThrownBy(() -> Chat.of(TextNode.valueOf("x"))).hasMessage("messages is STRING, must be an array");
    }

    @Test
    void rowsThatTeachLittleOrNeverEndAreTold() throws IOException {
        learn();
        try (var tokenizer = Tokenizer.open(folder)) {
            var rows = List.of(
                    tokenizer.masked("Hi", "Ja Hi"),
                    tokenizer.masked("Hi".repeat(40), "Ja"),
                    tokenizer.encode(ChatTemplate.of("{{ messages[0].content }}", java.util.Map.of())
                            .render(CHAT)));

            var report = Preflight.of(rows, tokenizer, 20, 2, 0.1);

            assertThat(report.rows()).isEqualTo(3);
            assertThat(report.tooLong()).extracting(Preflight.Row::number).containsExactly(2);
            assertThat(report.endless()).extracting(Preflight.Row::number).containsExactly(2, 3);
            assertThat(report.thin()).extracting(Preflight.Row::number).containsExactly(2, 3);
            assertThat(report.ok()).isFalse();
            assertThat(Preflight.of(rows.subList(0, 1), tokenizer, 20, 2, 0.1).ok())
                    .isTrue();
        }
    }
}
