package dev.gyre.llm.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.text.jinja.Rendering;
import dev.gyre.llm.text.jinja.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tokenizer of a Hugging Face folder; safe for several threads.
public final class Tokenizer implements AutoCloseable {

    private static final long NO_END = -1;
    private static final Span NOWHERE = new Span(0, 0);

    private final HuggingFaceTokenizer tokenizer;
    private final long end;
    private final Set<Long> stops;

    private Tokenizer(HuggingFaceTokenizer tokenizer, long end, Set<Long> stops) {
        this.tokenizer = tokenizer;
        this.end = end;
        this.stops = stops;
    }

    /// Opens `tokenizer.json`; the end token comes from `tokenizer_config.json`,
    /// `generation_config.json` or
    /// `config.json`.
    ///
    /// @throws IllegalArgumentException where there is no tokenizer or no end token
    public static Tokenizer open(Path folder) {
        var tokenizer = load(folder);
        var stops = new LinkedHashSet<Long>();
        addWord(stops, tokenizer, optional(folder, "tokenizer_config.json").path("eos_token"));
        addIds(stops, optional(folder, "generation_config.json").path("eos_token_id"));
        addIds(stops, optional(folder, "config.json").path("eos_token_id"));
        if (stops.isEmpty()) {
            tokenizer.close();
            throw new IllegalArgumentException(
                    "%s names no end token; set eos_token in tokenizer_config.json or eos_token_id in config.json"
                            .formatted(folder));
        }
        return new Tokenizer(tokenizer, stops.getFirst(), stops);
    }

    /// Opens the tokenizer of an encoder, which reads whole texts and needs no end token.
    ///
    /// @throws IllegalArgumentException where there is no tokenizer
    public static Tokenizer ofEncoder(Path folder) {
        return new Tokenizer(load(folder), NO_END, Set.of());
    }

    private static HuggingFaceTokenizer load(Path folder) {
        var file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("%s is missing; a model needs its tokenizer".formatted(file));
        }
        TokenizerCheck.check(file);
        try {
            var options = Map.of("addSpecialTokens", "true", "truncation", "do_not_truncate", "padding", "do_not_pad");
            return HuggingFaceTokenizer.newInstance(file, options);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s".formatted(file), e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("%s is not a tokenizer: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static JsonNode optional(Path folder, String name) {
        var file = folder.resolve(name);
        return Files.isRegularFile(file) ? JsonFile.read(file) : JsonNodeFactory.instance.objectNode();
    }

    private static void addWord(Set<Long> stops, HuggingFaceTokenizer tokenizer, JsonNode token) {
        var word = token.isObject() ? token.path("content").asText() : token.asText("");
        if (!word.isEmpty() && !token.isNull()) {
            var ids = tokenizer.encode(word, false, false).getIds();
            if (ids.length == 1) {
                stops.add(ids[0]);
            }
        }
    }

    private static void addIds(Set<Long> stops, JsonNode ids) {
        if (ids.isIntegralNumber()) {
            stops.add(ids.asLong());
        }
        ids.forEach(id -> stops.add(id.asLong()));
    }

    /// The token that ends an answer.
    public long end() {
        return end;
    }

    /// All tokens at which a writer stops, the end token first.
    public Set<Long> stops() {
        return stops;
    }

    /// A text that something may follow: with the begin token where the tokenizer sets one, without an
    /// end token.
    public long[] encode(String text) {
        var ids = tokenizer.encode(text, true, false).getIds();
        boolean closed = ids.length > 0 && ids[ids.length - 1] == end;
        return closed ? Arrays.copyOf(ids, ids.length - 1) : ids;
    }

    /// The tokens of a text alone, nothing set around it.
    public long[] plain(String text) {
        return tokenizer.encode(text, false, false).getIds();
    }

    /// A text as an encoder reads it, in whatever tokens the tokenizer sets around it.
    public Sequence whole(String text) {
        return new Sequence(tokenizer.encode(text, true, false).getIds(), 1);
    }

    /// A prompt, the completion that follows it directly, and the end token.
    ///
    /// Both are read as one text, as transformers and TRL do; a token that straddles the border counts
    /// as completion.
    public Sequence encode(String prompt, String completion) {
        var head = encode(prompt);
        var whole = encode(prompt + completion);
        int border = Arrays.mismatch(head, whole);
        border = border < 0 ? head.length : Math.min(border, head.length);
        var ids = Arrays.copyOf(whole, whole.length + 1);
        ids[whole.length] = end;
        return new Sequence(ids, Math.max(1, border));
    }

    /// What a template rendered, with the tokens of what the assistant said to be learned.
    ///
    /// A token that holds at least one of the assistant's characters is learned; where the same word
    /// stands elsewhere too makes no difference. No token is added: the template has written them all.
    public MaskedTokens encode(Rendering rendering) {
        var encoding = tokenizer.encode(rendering.text(), false, false);
        var spans = spans(encoding);
        var learned = new ArrayList<Boolean>();
        var said = rendering.generated();
        int at = 0;
        for (var span : spans) {
            while (at < said.size() && said.get(at).end() <= span.start()) {
                at++;
            }
            boolean empty = span.end() <= span.start();
            learned.add(!empty && at < said.size() && said.get(at).start() < span.end());
        }
        return new MaskedTokens(rendering.text(), boxed(encoding.getIds()), learned, spans);
    }

    /// The same tokens as [#encode(String, String)], of which the completion and the end are learned.
    public MaskedTokens masked(String prompt, String completion) {
        var sequence = encode(prompt, completion);
        var spans = spans(tokenizer.encode(prompt + completion, true, false));
        var ids = new ArrayList<Long>();
        var learned = new ArrayList<Boolean>();
        var places = new ArrayList<Span>();
        for (int i = 0; i < sequence.length(); i++) {
            ids.add(sequence.id(i));
            learned.add(i >= sequence.start());
            places.add(i < sequence.length() - 1 ? spans.get(i) : NOWHERE);
        }
        return new MaskedTokens(prompt + completion, ids, learned, places);
    }

    private static List<Long> boxed(long[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }

    private static List<Span> spans(Encoding encoding) {
        var spans = new ArrayList<Span>();
        for (@Nullable CharSpan each : encoding.getCharTokenSpans()) {
            spans.add(each == null ? NOWHERE : new Span(each.getStart(), each.getEnd()));
        }
        return spans;
    }

    /// The text of tokens, special tokens left out.
    public String decode(long[] ids) {
        return tokenizer.decode(ids, true);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
