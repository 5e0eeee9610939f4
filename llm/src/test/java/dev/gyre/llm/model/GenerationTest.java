package dev.gyre.llm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationTest {

    private static final Path BASE =
            Path.of(System.getProperty("gyre.root", "..")).resolve("samples/base");
    private static final String PROMPT = "Caller: Hello. Where do I find the telescope?\nDesk:";
    private static final long[] READ = {2, 5, 9, 13};
    private static final long[] NO_STOPS = {};
    private static final Map<String, String> PLAIN = Map.of("linear", "linear", "likelihood", "likelihood");

    private static final ProgramRunner runner = Engine.CPU;

    /// transformers 5.18, greedy, with and without a repetition penalty of 1.4; longer than every window.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama_gqa",
                "llama31_rope",
                "llama_yarn",
                "mistral_swa4",
                "qwen2_tied",
                "qwen3",
                "smollm3",
                "gemma",
                "gemma2",
                "gemma3_text",
                "gpt2"
            })
    void whatEveryArchitectureWritesEqualsTransformers(String name) throws IOException {
        var wanted = new ObjectMapper()
                .readTree(Golden.FOLDER.resolve("generated.json").toFile())
                .path("arch_" + name);

        try (var model = Model.open(runner, Golden.FOLDER.resolve("arch_" + name), ElementType.F32, ElementType.F32);
                var weights = model.bind(Map.of())) {
            var program = runner.load("language", model.slots(PLAIN));
            var greedy = Sampling.greedy(24);
            var penalised = greedy.withRepetitionPenalty(1.4);

            assertThat(inParts(program, weights, model, greedy)).isEqualTo(longs(wanted.path("greedy")));
            assertThat(inParts(program, weights, model, penalised)).isEqualTo(longs(wanted.path("penalised")));
            assertThat(besideAnother(program, weights, model, greedy)).isEqualTo(longs(wanted.path("greedy")));
            assertThat(besideAnother(program, weights, model, penalised)).isEqualTo(longs(wanted.path("penalised")));
        }
    }

    @Test
    void endIsKeptBackUntilAsManyTokensAreWrittenAsAreAskedForAtLeast() {
        try (var model = Model.open(runner, Golden.FOLDER.resolve("arch_llama_gqa"), ElementType.F32, ElementType.F32);
                var weights = model.bind(Map.of())) {
            var program = runner.load("language", model.slots(PLAIN));
            var free = inParts(program, weights, model, Sampling.greedy(20));
            var stops = new long[] {free[1]};

            var ended = inParts(program, weights, model, Sampling.greedy(20), stops);
            var kept = inParts(program, weights, model, Sampling.greedy(20).withMinNewTokens(16), stops);

            assertThat(ended.length).isLessThanOrEqualTo(2);
            assertThat(kept.length).isGreaterThanOrEqualTo(16);
            assertThat(Arrays.copyOf(kept, 16)).doesNotContain(free[1]);
        }
        assertThatThrownBy(() -> Sampling.greedy(4).withMinNewTokens(5))
                .hasMessage("minNewTokens is 5, must be 0 to maxNewTokens, 4");
    }

    private static long[] longs(JsonNode ids) {
        return Golden.longs(ids);
    }

    /// Seven tokens at a time, the cache kept between.
    private static long[] inParts(Program program, Weights weights, Model model, Sampling sampling) {
        return inParts(program, weights, model, sampling, NO_STOPS);
    }

    private static long[] inParts(
            Program program, Weights weights, Model model, Sampling sampling, long[] stops) {
        long[] all = READ;
        int start = 0;
        try (var scope = runner.newScope()) {
            var cache = cache(scope, program, weights, model, 1);
            while (all.length < READ.length + sampling.maxNewTokens()) {
                int left = READ.length + sampling.maxNewTokens() - all.length;
                var draws = new double[Math.min(7, left)];
                var more = runner.longs(
                        program,
                        "write",
                        model.arguments(weights, all, cache, (long) start, stops, sampling.choice(all.length - READ.length), draws));
                all = LongStream.concat(Arrays.stream(all), Arrays.stream(more)).toArray();
                start = all.length - 1;
                if (LongStream.of(stops).anyMatch(stop -> stop == more[more.length - 1])) {
                    break;
                }
            }
        }
        return Arrays.copyOfRange(all, READ.length, all.length);
    }

    /// Together with a shorter prompt that gets a shorter answer.
    private static long[] besideAnother(Program program, Weights weights, Model model, Sampling sampling) {
        try (var scope = runner.newScope()) {
            var written = runner.longs(
                    program,
                    "write_all",
                    model.arguments(
                            weights,
                            new long[] {2, 5, 0, 0, 2, 5, 9, 13},
                            new long[] {2, 4},
                            new long[] {3, sampling.maxNewTokens()},
                            cache(scope, program, weights, model, 2),
                            NO_STOPS,
                            sampling.choice(0),
                            new double[2 * sampling.maxNewTokens()]));
            return Arrays.copyOfRange(written, sampling.maxNewTokens(), written.length);
        }
    }

    private static List<NDArray> cache(NDManager scope, Program program, Weights weights, Model model, long rows) {
        return runner.tensors(scope, program, "cache", weights, model.shape(), rows, 32L);
    }

    @Test
    void anAnswerEndsBeforeTheFirstStopText() {
        try (var model = LanguageModel.open(BASE, "cpu")) {
            for (int tokens : List.of(40, 140)) { // side by side, and one by one
                var whole = model.generate(PROMPT, Sampling.greedy(tokens));
                int border = whole.indexOf(' ', 5);
                var stop = whole.substring(border, border + 3);
                var sampling = Sampling.greedy(tokens).withStops(List.of("no such text", stop));

                assertThat(model.generate(PROMPT, sampling)).isEqualTo(whole.substring(0, whole.indexOf(stop)));
                assertThat(model.generate(List.of(PROMPT), sampling))
                        .containsExactly(whole.substring(0, whole.indexOf(stop)));
            }
        }
    }

    @Test
    void drawingOnlyAmongTokensAsLikelyAsTheLikeliestIsGreedy() {
        try (var model = LanguageModel.open(BASE, "cpu")) {
            var greedy = model.generate(PROMPT, Sampling.greedy(20));
            var hot = Sampling.drawn(20, 50, 3);

            assertThat(model.generate(PROMPT, hot.withMinP(1))).isEqualTo(greedy);
            assertThat(model.generate(PROMPT, hot)).isNotEqualTo(greedy);
        }
    }

    @Test
    void theTokensOfACompletionAddUpToItsScore() {
        var row = new PromptCompletion(PROMPT, " It is on the shelf.");

        try (var model = LanguageModel.open(BASE, "cpu")) {
            var score = model.score(List.of(row)).getFirst();
            var tokens = model.scoreTokens(List.of(row, new PromptCompletion("", PROMPT)));

            var read = tokens.get(0);
            assertThat(read.completion()).hasSize(score.tokens());
            assertThat(sum(read.completion())).isCloseTo(score.logProbability(), within(1e-3));
            assertThat(read.cut()).isFalse();
            assertThat(read.prompt()).isNotEmpty().allMatch(token -> token.logProbability() <= 0);
            // The end token apart, a prompt scores the same when it is the completion of nothing.
            var same = tokens.get(1).completion();
            assertThat(sum(read.prompt())).isCloseTo(sum(same.subList(0, same.size() - 1)), within(1e-3));
        }
    }

    private static double sum(List<TokenScores.Token> tokens) {
        return tokens.stream().mapToDouble(TokenScores.Token::logProbability).sum();
    }

    @Test
    void whatCannotBeDrawnFromIsNamed() {
        assertThatThrownBy(() -> Sampling.greedy(1).withMinP(1.5)).hasMessage("minP is 1.5, must be 0 to 1");
        assertThatThrownBy(() -> Sampling.greedy(1).withRepetitionPenalty(0))
                .hasMessage("repetitionPenalty is 0.0, must be above 0 and at most 100");
        assertThatThrownBy(() -> Sampling.greedy(1).withStops(List.of("")))
                .hasMessageContaining("must be texts that are not empty");
    }
}
