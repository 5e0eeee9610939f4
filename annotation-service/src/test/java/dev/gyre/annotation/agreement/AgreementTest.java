package dev.gyre.annotation.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgreementTest {

    @Test
    void krippendorffsOwnExampleGivesHisNumber() {
        var observers = List.of("123321412...", "1233224125.3", ".3332342251.", "12332441251.");

        var units = IntStream.range(0, 12)
                .mapToObj(unit -> observers.stream()
                        .map(values -> String.valueOf(values.charAt(unit)))
                        .filter(value -> !value.equals("."))
                        .toList())
                .toList();

        assertThat(KrippendorffAlpha.nominal(units).orElseThrow()).isCloseTo(0.743, within(0.0005));
    }

    @Test
    void perfectAgreementIsOneAndChanceIsAboutZero() {
        assertThat(KrippendorffAlpha.nominal(List.of(List.of("A", "A"), List.of("B", "B"))))
                .hasValue(1);
        assertThat(KrippendorffAlpha.nominal(List.of(List.of("A", "B"), List.of("A", "B")))
                        .orElseThrow())
                .isNegative();
    }

    @Test
    void alphaSaysNothingWhereNothingOverlapsOrNothingVaries() {
        assertThat(KrippendorffAlpha.nominal(List.of(List.of("A"), List.of("B"))))
                .isEmpty();
        assertThat(KrippendorffAlpha.nominal(List.of(List.of("A", "A"), List.of("A", "A"))))
                .isEmpty();
    }

    @Test
    void majorityNeedsOneValueThatIsSaidMostOften() {
        assertThat(Majority.of(List.of("A", "B", "A"))).contains(new Majority("A", 2 / 3.0));
        assertThat(Majority.of(List.of("A", "B"))).isEmpty();
        assertThat(Majority.of(List.of())).isEmpty();
    }

    @Test
    void rawAgreementCountsPairsOfJudges() {
        var units = List.of(List.of("A", "A", "B"), List.of("A", "A"), List.of("B"));

        assertThat(RawAgreement.of(units)).hasValue(2 / 4.0);
        assertThat(FleissKappa.of(units)).isEmpty();
    }

    /// 999 comparisons by three people each; the reference values were worked out by others.
    @Test
    void realPreferencesGiveTheKnownNumbers() throws IOException {
        var file = Path.of(System.getProperty("gyre.data", System.getProperty("gyre.root", "..") + "/../shared"))
                .resolve("data/pref-pandalm-human/testset-v1.json");
        assumeTrue(Files.exists(file), "the recorded preferences are not here");
        var units = new ArrayList<List<String>>();
        for (JsonNode row : new ObjectMapper().readTree(file.toFile())) {
            units.add(List.of(
                    row.get("annotator1").asText(),
                    row.get("annotator2").asText(),
                    row.get("annotator3").asText()));
        }

        var agreement = Agreement.of(units);

        assertThat(agreement.fleissKappa()).isCloseTo(0.8642, within(0.00005));
        assertThat(agreement.krippendorffAlpha()).isCloseTo(0.8642, within(0.0005));
        assertThat(agreement.majority()).isEqualTo(Map.of("0", 105, "1", 422, "2", 472));
        assertThat(agreement.undecided()).isZero();
    }
}
