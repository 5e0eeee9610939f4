package dev.gyre.llm.model;

import ai.djl.ndarray.NDManager;
import dev.gyre.llm.adapter.Attachment;
import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import dev.gyre.llm.text.Sequence;
import dev.gyre.llm.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A causal language model open on a device; calls are serialised inside, [#close] frees its native memory.
public final class LanguageModel implements OpenModel {

    /// Tokens written per engine call, so that other models get their turn.
    private static final int WRITTEN_AT_ONCE = 32;

    /// Tokens written per engine call where somebody reads along.
    private static final int TOLD_AT_ONCE = 4;

    /// Stands for a character of which not all bytes are there yet.
    private static final char UNFINISHED = '\uFFFD';

    /// Answers up to this length are written side by side in one engine call; longer ones leave the engine between.
    private static final int WRITTEN_TOGETHER = 128;

    /// Rows side by side.
    private static final int ROWS_AT_ONCE = 32;

    private final ProgramRunner runner;
    private final Tokenizer tokenizer;
    private final Model model;
    private final Weights weights;
    private final Program program;

    /// Ids that every text begins with: the places of a tuned prompt or prefix.
    private final long[] places;

    /// Adapters of which each prompt names its own; absent where the model has none beside it, or the same for all.
    private final @Nullable AdapterPool pool;

    private LanguageModel(
            ProgramRunner runner,
            Tokenizer tokenizer,
            Model model,
            @Nullable Attachment beside,
            @Nullable AdapterPool pool,
            Map<String, String> slots) {
        this.runner = runner;
        this.tokenizer = tokenizer;
        this.model = model;
        this.weights = model.bind(beside == null ? Map.of() : beside.tensors());
        this.program = runner.load("language", model.slots(slots));
        this.places = beside == null ? new long[0] : beside.places();
        this.pool = pool;
    }

    /// Opens a Hugging Face folder (`config.json`, `model.safetensors` or shards, `tokenizer.json`).
    ///
    /// @param device `auto`, `cpu` or `cuda:N`
    /// @throws IllegalArgumentException naming the file, the tensor, the shapes and the remedy where
    /// the folder is
    /// not a model this engine runs
    public static LanguageModel open(Path folder, String device) {
        return open(folder, null, device);
    }

    /// Opens a Hugging Face folder with a PEFT folder merged into it, or beside it where it cannot be merged.
    public static LanguageModel open(Path folder, @Nullable Path adapter, String device) {
        return open(folder, adapter, device, ElementType.F32);
    }

    /// Opens it to compute in other numbers.
    ///
    /// @param type in which it keeps its weights and computes: `F32`; `BF16`, which is half the memory and not exact; or
    /// `I8`, which keeps matrices in 8 bits with a scale for each row, a quarter of the memory and less exact
    /// @throws IllegalArgumentException also for `I8` with an adapter that cannot be merged
    public static LanguageModel open(Path folder, @Nullable Path adapter, String device, ElementType type) {
        var computed = type == ElementType.I8 ? ElementType.F32 : type;
        return open(folder, device, computed, (runner, tokenizer, model) -> {
            var beside = adapter == null ? null : beside(runner, model, adapter);
            if (type != ElementType.I8) {
                return new LanguageModel(
                        runner, tokenizer, model, beside, null, beside == null ? Map.of() : beside.slots());
            }
            if (beside != null) {
                throw new IllegalArgumentException(
                        "the adapter in %s cannot be merged into weights of 8 bits; open the model in F32 or BF16"
                                .formatted(adapter));
            }
            model.narrow();
            return new LanguageModel(runner, tokenizer, model, null, null, Map.of("linear", "narrow"));
        });
    }

    /// Opens a Hugging Face folder with LoRA adapters beside it, of which each [AdaptedPrompt] names its own.
    ///
    /// @param adapters PEFT folders by the names that prompts give
    /// @throws IllegalArgumentException also where one is not LoRA on linear layers alone
    public static LanguageModel openAdapted(Path folder, SequencedMap<String, Path> adapters, String device) {
        return open(
                folder,
                device,
                ElementType.F32,
                (runner, tokenizer, model) -> new LanguageModel(
                        runner,
                        tokenizer,
                        model,
                        null,
                        AdapterPool.open(runner, runner.newScope(), model, adapters),
                        Map.of("linear", "lora_rows")));
    }

    /// What is made of a runner, a tokenizer and a model that are open.
    private interface Making {
        LanguageModel of(ProgramRunner runner, Tokenizer tokenizer, Model model);
    }

    private static LanguageModel open(Path folder, String device, ElementType type, Making making) {
        var config = Architecture.read(folder.resolve("config.json"));
        if (config.tensors().containsKey(Model.SCORES)) {
            throw new IllegalArgumentException(
                    "%s holds a model that scores and does not write; open it as a RewardModel".formatted(folder));
        }
        if (!(config instanceof DecoderConfig)) {
            throw new IllegalArgumentException(
                    "%s holds an encoder, which reads and does not write; open it as a classifier".formatted(folder));
        }
        var opened = new ArrayList<AutoCloseable>();
        try {
            var tokenizer = Tokenizer.open(folder);
            opened.add(tokenizer);
            var runner = ProgramRunner.open(device);
            opened.add(runner);
            var model = Model.open(runner, folder, type, type);
            opened.add(model);
            return making.of(runner, tokenizer, model);
        } catch (RuntimeException e) {
            close(opened, e);
            throw e;
        }
    }

    /// Merges an adapter; one that cannot be stays in the runner's memory until that is closed.
    private static @Nullable Attachment beside(ProgramRunner runner, Model model, Path folder) {
        var memory = runner.newScope();
        var adapter = model.readAdapter(memory, folder);
        if (!adapter.merges()) {
            return adapter;
        }
        model.merge(adapter);
        memory.close();
        return null;
    }

    private static void close(List<AutoCloseable> opened, RuntimeException reason) {
        for (var each : opened.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                reason.addSuppressed(e);
            }
        }
    }

    /// Scores every row; the order of the answers is the order of the rows.
    public List<Score> score(List<PromptCompletion> rows) {
        var whole = rows.stream()
                .map(row -> tokenizer.encode(row.prompt(), row.completion()))
                .toList();
        var sequences = whole.stream().map(sequence -> sequence.cut(context())).toList();
        sequences.forEach(this::checkIds);
        var placed = sequences.stream().map(sequence -> sequence.after(places)).toList();
        var sums = SequenceScores.of(runner, program, weights, model, placed);
        var scores = new ArrayList<Score>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            var completion = rows.get(i).completion();
            scores.add(new Score(
                    sums[i],
                    sequences.get(i).targets(),
                    completion.codePointCount(0, completion.length()),
                    sequences.get(i).length() < whole.get(i).length()));
        }
        return List.copyOf(scores);
    }

    /// The log-probability of every token of every row; the order of the answers is the order of the rows.
    public List<TokenScores> scoreTokens(List<PromptCompletion> rows) {
        return rows.stream().map(this::scoreTokens).toList();
    }

    private TokenScores scoreTokens(PromptCompletion row) {
        var whole = tokenizer.encode(row.prompt(), row.completion());
        checkIds(whole);
        var read = whole.cut(context());
        if (read.length() < 2) {
            return new TokenScores(List.of(), List.of(), read.length() < whole.length());
        }
        var placed = List.of(read.from(1).after(places));
        var found = SequenceScores.likelihoods(runner, program, "likelihoods", weights, model, placed);
        var tokens = IntStream.range(0, found.length)
                .mapToObj(i -> new TokenScores.Token(read.id(i + 1), found[i]))
                .toList();
        int border = Math.min(read.start() - 1, tokens.size());
        return new TokenScores(
                tokens.subList(0, border), tokens.subList(border, tokens.size()), read.length() < whole.length());
    }

    private void checkIds(Sequence sequence) {
        if (sequence.largest() >= model.config().vocabulary()) {
            throw new IllegalArgumentException(
                    "the tokenizer gives id %d, the model knows %d tokens; they do not belong together"
                            .formatted(sequence.largest(), model.config().vocabulary()));
        }
    }

    /// Writes on after a prompt; the answer excludes prompt and end token.
    ///
    /// @throws IllegalArgumentException where the prompt leaves no room in the context
    public String generate(String prompt, Sampling sampling) {
        checkPenalty(sampling);
        var read = read(prompt);
        return answer(read, write(read, room(read, sampling), sampling), sampling);
    }

    /// Writes on after a prompt and tells the text as it comes, in pieces that together are the answer.
    ///
    /// A piece never holds half a character, nor what may become one of the stops.
    public String generate(String prompt, Sampling sampling, Consumer<String> told) {
        checkPenalty(sampling);
        var read = read(prompt);
        var begun = new StringBuilder();
        int held = sampling.stops().stream().mapToInt(String::length).max().orElse(1) - 1;
        var written = write(read, room(read, sampling), sampling, TOLD_AT_ONCE, so -> {
            var text = answer(read, so, sampling);
            int safe = text.indexOf(UNFINISHED);
            tell(begun, text.substring(0, Math.max(0, (safe < 0 ? text.length() : safe) - held)), told);
        });
        var answer = answer(read, written, sampling);
        tell(begun, answer, told);
        return answer;
    }

    private static void tell(StringBuilder begun, String text, Consumer<String> told) {
        if (text.length() > begun.length() && text.startsWith(begun.toString())) {
            var piece = text.substring(begun.length());
            begun.append(piece);
            told.accept(piece);
        }
    }

    /// Writes on after each prompt under the adapter that it names, several at a time; the order of the answers is the
    /// order of the prompts.
    ///
    /// @throws IllegalArgumentException where a prompt leaves no room in the context, or names an adapter that the model
    /// was not opened with
    public List<String> generateAdapted(List<AdaptedPrompt> prompts, Sampling sampling) {
        if (pool == null) {
            throw new IllegalArgumentException("the model was opened without adapters to choose from");
        }
        return together(prompts, sampling, pool);
    }

    /// Writes on after each prompt, several at a time, as [#generate(String, Sampling)] does one by one; the order of
    /// the answers is the order of the prompts.
    ///
    /// @throws IllegalArgumentException where a prompt leaves no room in the context
    public List<String> generate(List<String> prompts, Sampling sampling) {
        checkPenalty(sampling);
        var read = prompts.stream().map(this::read).toList();
        if (sampling.maxNewTokens() > WRITTEN_TOGETHER) {
            return read.stream()
                    .map(ids -> answer(ids, write(ids, room(ids, sampling), sampling), sampling))
                    .toList();
        }
        return together(prompts.stream().map(text -> new AdaptedPrompt(text, null)).toList(), sampling, null);
    }

    private List<String> together(List<AdaptedPrompt> prompts, Sampling sampling, @Nullable AdapterPool adapters) {
        checkPenalty(sampling);
        var read = prompts.stream().map(prompt -> read(prompt.text())).toList();
        var order = IntStream.range(0, read.size())
                .boxed()
                .sorted(Comparator.comparingInt(index -> read.get(index).length))
                .toList();
        var answers = new String[read.size()];
        for (int from = 0; from < order.size(); from += ROWS_AT_ONCE) {
            var some = order.subList(from, Math.min(from + ROWS_AT_ONCE, order.size()));
            var written = writeAll(
                    some.stream().map(read::get).toList(),
                    some.stream().map(prompts::get).toList(),
                    sampling,
                    adapters);
            for (int row = 0; row < some.size(); row++) {
                answers[some.get(row)] = answer(read.get(some.get(row)), written.get(row), sampling);
            }
        }
        return List.of(answers);
    }

    private void checkPenalty(Sampling sampling) {
        if (places.length > 0 && sampling.repetitionPenalty() != 1) {
            throw new IllegalArgumentException(
                    "repetitionPenalty is %s, must be 1 beside a tuned prompt or prefix, whose places are no tokens"
                            .formatted(sampling.repetitionPenalty()));
        }
    }

    private long[] read(String prompt) {
        var read = tokenizer.encode(prompt);
        checkIds(new Sequence(read, 1));
        if (read.length == 0 || read.length >= context()) {
            throw new IllegalArgumentException("the prompt has %d tokens, must be 1 to %d to leave room for an answer"
                    .formatted(read.length, context() - 1));
        }
        return new Sequence(read, 1).after(places).ids();
    }

    private int room(long[] read, Sampling sampling) {
        return Math.min(sampling.maxNewTokens(), context() + places.length - read.length);
    }

    private String answer(long[] placed, long[] written, Sampling sampling) {
        var read = own(placed);
        boolean ended = written.length > 0 && tokenizer.stops().contains(written[written.length - 1]);
        var text = continuation(read, ended ? Arrays.copyOf(written, written.length - 1) : written);
        return sampling.stops().stream().mapToInt(text::indexOf).filter(found -> found >= 0).min().stream()
                .mapToObj(end -> text.substring(0, end))
                .findFirst()
                .orElse(text);
    }

    /// The ids that stand for text.
    private long[] own(long[] placed) {
        return Arrays.copyOfRange(placed, places.length, placed.length);
    }

    private boolean holdsStop(long[] read, long[] written, Sampling sampling) {
        if (sampling.stops().isEmpty()) {
            return false;
        }
        var text = continuation(own(read), written);
        return sampling.stops().stream().anyMatch(text::contains);
    }

    private long[] longs(String method, Object... more) {
        return runner.longs(program, method, model.arguments(weights, more));
    }

    private long[] stops() {
        return tokenizer.stops().stream().mapToLong(Long::longValue).toArray();
    }

    private List<long[]> writeAll(
            List<long[]> prompts, List<AdaptedPrompt> asked, Sampling sampling, @Nullable AdapterPool adapters) {
        int rows = prompts.size();
        int time = prompts.getLast().length;
        var ids = new long[rows * time];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(prompts.get(row), 0, ids, row * time, prompts.get(row).length);
        }
        var lengths = prompts.stream().mapToLong(prompt -> prompt.length).toArray();
        var most = prompts.stream()
                .mapToLong(prompt -> room(prompt, sampling))
                .toArray();
        var each = new SplittableRandom(sampling.seed())
                .doubles(sampling.maxNewTokens())
                .toArray();
        var draws = new double[rows * each.length]; // the same for every row, as if it were written alone
        for (int row = 0; row < rows; row++) {
            System.arraycopy(each, 0, draws, row * each.length, each.length);
        }
        try (var scope = runner.newScope()) {
            long room = IntStream.range(0, rows)
                    .mapToLong(row -> lengths[row] + most[row])
                    .max()
                    .orElseThrow();
            var cache = runner.tensors(scope, program, "cache", weights, model.shape(), (long) rows, room);
            var bound = adapters == null ? weights : bound(scope, adapters, asked);
            var written = runner.longs(
                    program,
                    "write_all",
                    model.arguments(bound, ids, lengths, most, cache, stops(), sampling.choice(0), draws));
            if (bound != weights) {
                bound.close();
            }
            int longest = written.length / rows;
            return IntStream.range(0, rows)
                    .mapToObj(row -> Arrays.stream(written, row * longest, (row + 1) * longest)
                            .filter(token -> token >= 0)
                            .toArray())
                    .toList();
        }
    }

    private Weights bound(NDManager scope, AdapterPool adapters, List<AdaptedPrompt> asked) {
        var all = new HashMap<>(adapters.tensors());
        all.putAll(adapters.rows(runner, scope, asked));
        return model.bind(all);
    }

    private long[] write(long[] read, int most, Sampling sampling) {
        return write(read, most, sampling, WRITTEN_AT_ONCE, _ -> {});
    }

    /// @param atOnce tokens written between two looks at what there is
    /// @param so is given all ids written so far
    private long[] write(long[] read, int most, Sampling sampling, int atOnce, Consumer<long[]> so) {
        var draws = new SplittableRandom(sampling.seed());
        long[] all = read;
        try (var scope = runner.newScope()) {
            var cache = runner.tensors(scope, program, "cache", weights, model.shape(), 1L, (long) read.length + most);
            int start = 0; // tokens whose keys and values are in the cache
            while (all.length < read.length + most) {
                int left = read.length + most - all.length;
                var some = draws.doubles(Math.min(left, atOnce)).toArray();
                var choice = sampling.choice(all.length - read.length);
                var more = longs("write", all, cache, (long) start, stops(), choice, some);
                all = LongStream.concat(Arrays.stream(all), Arrays.stream(more)).toArray();
                start = all.length - 1;
                so.accept(Arrays.copyOfRange(all, read.length, all.length));
                if (tokenizer.stops().contains(all[start])
                        || holdsStop(read, Arrays.copyOfRange(all, read.length, all.length), sampling)) {
                    break;
                }
            }
        }
        return Arrays.copyOfRange(all, read.length, all.length);
    }

    /// The text after the prompt; read together with it, since a tokenizer may treat the begin of a
    /// text in its own
    /// way.
    private String continuation(long[] read, long[] written) {
        var all = LongStream.concat(Arrays.stream(read), Arrays.stream(written)).toArray();
        var before = tokenizer.decode(read);
        var text = tokenizer.decode(all);
        return text.startsWith(before) ? text.substring(before.length()) : tokenizer.decode(written);
    }

    /// The longest row in tokens.
    public int context() {
        return model.config().context() - places.length;
    }

    @Override
    public void close() {
        weights.close();
        model.close();
        runner.close();
        tokenizer.close();
    }
}
