package dev.gyre.eval.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.eval.detector.Signal;
import dev.gyre.eval.drift.AlarmRule;
import dev.gyre.eval.drift.AlarmRule.Decision;
import dev.gyre.eval.drift.DriftSettings;
import dev.gyre.eval.drift.WindowStatistic;
import dev.gyre.eval.embedding.HashingEmbedder;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.InteractionEvent.InteractionRecorded;
import dev.gyre.events.ModelVersion;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rule of a stream as a whole, on texts of a made-up language.
class MonitorRuleTest {

    private static final DriftSettings SETTINGS = new DriftSettings(200, 50, 0.01, 0.1, 2, 3, 3, 3);
    private static final WindowTests TESTS = new WindowTests(999);
    private static final HashingEmbedder EMBEDDER = new HashingEmbedder();

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void twoHundredWindowsWithoutDriftRaiseAtMostOneAlarm(long seed) {
        var world = new World(new SplittableRandom(seed));

        var alarms =
                alarms(world.interactions(200, 0), IntStream.range(0, 200).mapToObj(_ -> world.interactions(50, 0)));

        assertThat(alarms).hasSizeLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.6, 1})
    void newTopicIsNoticedInAFewWindows(double share) {
        var world = new World(new SplittableRandom(5));

        var alarms = alarms(
                world.interactions(200, 0),
                IntStream.range(0, 14).mapToObj(window -> world.interactions(50, window < 10 ? 0 : share)));

        assertThat(alarms).hasSize(1);
        assertThat(alarms.getFirst()).isBetween(12, 13);
    }

    @Test
    void answersThatGrowRepetitiveAreNoticedInTheOutputAndNotInTheInput() {
        var world = new World(new SplittableRandom(6));
        var reference = world.interactions(200, 0);
        var window = world.interactions(50, 0).stream()
                .map(one -> new Interaction(
                        one.position(),
                        one.recorded(),
                        one.cause(),
                        one.embedder(),
                        one.embedding(),
                        one.prompt(),
                        Traits.of("well well well well well well")))
                .toList();

        var output = TESTS.ofOutput(reference, window, SETTINGS);

        assertThat(output)
                .filteredOn(one -> one.statistic().equals("answer-repetition"))
                .singleElement()
                .extracting(WindowStatistic::verdict)
                .isEqualTo(Signal.DRIFT);
        assertThat(TESTS.ofInput(reference, window, SETTINGS, 1))
                .extracting(WindowStatistic::verdict)
                .containsOnly(Signal.CALM);
    }

    /// Windows that opened an alarm, each cleared again as the rule says.
    private static List<Integer> alarms(List<Interaction> reference, Stream<List<Interaction>> windows) {
        var rule = AlarmRule.of(SETTINGS);
        var verdicts = new ArrayList<Signal>();
        var opened = new ArrayList<Integer>();
        var isOpen = new boolean[1];
        var cleared = new long[] {Long.MIN_VALUE / 2};
        windows.forEach(window -> {
            var number = verdicts.size() + 1;
            verdicts.add(Signal.CALM);
            verdicts.set(
                    number - 1,
                    Stream.of(
                                    TESTS.ofInput(reference, window, SETTINGS, number),
                                    TESTS.ofOutput(reference, window, SETTINGS))
                            .flatMap(List::stream)
                            .map(WindowStatistic::verdict)
                            .reduce(Signal.CALM, Signal::or));
            var decision = rule.decide(isOpen[0], number - cleared[0], verdicts);
            if (decision == Decision.OPEN) {
                isOpen[0] = true;
                opened.add(number);
            } else if (decision == Decision.CLEAR) {
                isOpen[0] = false;
                cleared[0] = number;
            }
        });
        return opened;
    }

    /// A language of 3000 words, the frequent ones first, and another that drift brings.
    private record World(SplittableRandom random) {

        /// @param drifted share of prompts that are of the other language
        List<Interaction> interactions(int count, double drifted) {
            var prompts = IntStream.range(0, count)
                    .mapToObj(_ -> text(random.nextDouble() < drifted ? "z" : "w"))
                    .toList();
            var vectors = EMBEDDER.embed(prompts);
            return IntStream.range(0, count)
                    .mapToObj(i -> new Interaction(
                            i,
                            new InteractionRecorded(
                                    "demo",
                                    "interaction-" + i,
                                    new ModelVersion("model", 1),
                                    "none",
                                    new ArtifactRef(URI.create("s3://b/k"), "00", 1),
                                    null),
                            "story||0",
                            EMBEDDER.name(),
                            vectors.get(i),
                            Traits.of(prompts.get(i)),
                            Traits.of(text("a"))))
                    .toList();
        }

        private String text(String prefix) {
            return IntStream.range(0, 5 + random.nextInt(20))
                    .mapToObj(_ -> prefix + Long.toString((long) Math.pow(3000, random.nextDouble()) * 7919, 36))
                    .collect(Collectors.joining(" "));
        }
    }
}
