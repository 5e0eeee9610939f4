package dev.gyre.eval.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamDetectorTest {

    /// @param warnings first warning since the start or the last drift; missing where only drifts are known
    record Case(String stream, String detector, @Nullable List<Integer> warnings, List<Integer> drifts) {}

    record Reference(String comment, Map<String, String> streams, List<Case> cases) {}

    private static final Reference REFERENCE = read();

    static Stream<Case> cases() {
        return REFERENCE.cases().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void detectorSpeaksAtTheIndicesOfTheReference(Case expected) {
        var stream = Objects.requireNonNull(REFERENCE.streams().get(expected.stream()));
        var detector = detector(expected.detector());
        var warnings = new ArrayList<Integer>();
        var drifts = new ArrayList<Integer>();
        var warned = false;

        for (var i = 0; i < stream.length(); i++) {
            switch (detector.update(stream.charAt(i) - '0')) {
                case CALM -> {}
                case WARNING -> {
                    if (!warned) {
                        warnings.add(i);
                    }
                    warned = true;
                }
                case DRIFT -> {
                    drifts.add(i);
                    warned = false;
                }
            }
        }

        assertThat(drifts).isEqualTo(expected.drifts());
        if (expected.warnings() != null) {
            assertThat(warnings).isEqualTo(expected.warnings());
        }
    }

    @Test
    void everyDetectorIsComparedWithAReference() {
        assertThat(cases().<Object>map(one -> detector(one.detector()).getClass()))
                .contains((Object[]) StreamDetector.class.getPermittedSubclasses());
    }

    @Test
    void adwinTellsHowItCutItsWindow() {
        var adwin = new Adwin();
        for (var i = 0; i < 320; i++) {
            adwin.update(i % 10 == 0 ? 1 : 0);
        }
        assertThat(adwin.cut()).isEmpty();
        assertThat(adwin.mean()).isCloseTo(0.1, within(0.01));

        for (var i = 0; i < 96; i++) {
            adwin.update(i % 10 == 0 ? 0 : 1);
        }

        var cut = adwin.cut().orElseThrow();
        assertThat(cut.now()).isGreaterThan(cut.before() + cut.bound());
        assertThat(cut.kept()).isLessThan(416);
    }

    private static StreamDetector detector(String name) {
        return switch (name) {
            case "DDM()" -> new Ddm();
            case "EDDM()" -> new Eddm();
            case "EDDM(alpha=0.8,beta=0.75)" -> new Eddm(30, 0.8, 0.75);
            case "HDDMA()" -> new HddmA();
            case "HDDMA(two_sided)" -> new HddmA(0.001, 0.005, true);
            case "HDDMW()" -> new HddmW();
            case "HDDMW(two_sided)" -> new HddmW(0.001, 0.005, 0.05, true);
            case "ADWIN()" -> new Adwin();
            case "ADWIN(every cut)" -> new Adwin(0.002, true);
            case "PageHinkley one-sided(30,.005,50,.9999)" -> new PageHinkley();
            case "KSWIN(alpha=1e-4,seed=42)" -> new Kswin(1e-4, 100, 30, () -> new MersenneTwister(42));
            case "KSWIN(alpha=1e-4,size=200,newest=100,seed=42)" ->
                new Kswin(1e-4, 200, 100, () -> new MersenneTwister(42));
            default -> throw new IllegalArgumentException("no detector for " + name);
        };
    }

    private static Reference read() {
        try (var json = StreamDetectorTest.class.getResourceAsStream("/detector/streams.json")) {
            return new ObjectMapper().readValue(json, Reference.class);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
