package dev.gyre.annotation.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.annotation.reliability.Vote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A crowd of 345 people who said which of two sentences is better, where it is known which is; also with a fifth of
/// them replaced by coins.
class CrowdTest {

    private final List<Vote> votes = new ArrayList<>();
    private final Map<String, String> truth = new HashMap<>();

    @Test
    void weightsFindMoreThanTheMajority() throws IOException {
        read();
        assertThat(votes).hasSize(6974);
        assertThat(truth).hasSize(1044);

        assertAccuracy(Accuracy.of(votes, truth), 0.9033, 0.9301, 0.9358, 0.9349);
        assertAccuracy(Accuracy.of(firstThree(votes), truth), 0.8841, 0.9071, 0.9157, 0.9157);
    }

    /// On average over twenty draws of the spammers; MACE is better in each.
    @Test
    void weightsHoldAgainstAFifthOfSpammers() throws IOException {
        read();

        var nine = IntStream.rangeClosed(1, 20)
                .mapToObj(seed -> Accuracy.of(withSpammers(votes, seed), truth))
                .toList();
        var three = IntStream.rangeClosed(1, 20)
                .mapToObj(seed -> Accuracy.of(firstThree(withSpammers(votes, seed)), truth))
                .toList();

        assertThat(nine).allSatisfy(found -> assertThat(found.mace()).isGreaterThan(found.majority()));
        assertThat(three).allSatisfy(found -> assertThat(found.mace()).isGreaterThan(found.majority()));
        assertAccuracy(Accuracy.average(nine), 0.8744, 0.9092, 0.9125, 0.9126);
        assertAccuracy(Accuracy.average(three), 0.8342, 0.8713, 0.8792, 0.8795);
    }

    private static void assertAccuracy(
            Accuracy found, double majority, double dawidSkene, double mace, double weighted) {
        var tolerance = within(0.00005);
        assertThat(found.majority()).as("majority").isCloseTo(majority, tolerance);
        assertThat(found.dawidSkene()).as("Dawid–Skene").isCloseTo(dawidSkene, tolerance);
        assertThat(found.mace()).as("MACE").isCloseTo(mace, tolerance);
        assertThat(found.weighted()).as("weighted").isCloseTo(weighted, tolerance);
    }

    /// Share of the tasks on which each method finds what is right.
    record Accuracy(double majority, double dawidSkene, double mace, double weighted) {

        static Accuracy of(List<Vote> votes, Map<String, String> truth) {
            var mace = Mace.of(votes, 1);
            return new Accuracy(
                    accuracy(MajorityVote.of(votes), truth),
                    accuracy(DawidSkene.of(votes).consensus(), truth),
                    accuracy(mace, truth),
                    accuracy(MajorityVote.weighted(votes, mace.weights()), truth));
        }

        static Accuracy average(List<Accuracy> all) {
            return new Accuracy(
                    average(all, Accuracy::majority),
                    average(all, Accuracy::dawidSkene),
                    average(all, Accuracy::mace),
                    average(all, Accuracy::weighted));
        }

        private static double average(List<Accuracy> all, ToDoubleFunction<Accuracy> which) {
            return all.stream().mapToDouble(which).average().orElseThrow();
        }
    }

    /// A task on which two values are equally probable counts half.
    private static double accuracy(Consensus consensus, Map<String, String> truth) {
        double right = 0;
        for (var belief : consensus.beliefs()) {
            double best = belief.probability();
            long alike = belief.posterior().values().stream()
                    .filter(one -> Math.abs(one - best) < 1e-12)
                    .count();
            double own = belief.posterior().getOrDefault(truth.get(belief.task()), 0.0);
            right += Math.abs(own - best) < 1e-12 ? 1.0 / alike : 0;
        }
        return right / consensus.beliefs().size();
    }

    private static List<Vote> firstThree(List<Vote> votes) {
        var seen = new HashMap<String, Integer>();
        return votes.stream()
                .filter(vote -> seen.merge(vote.task(), 1, Integer::sum) <= 3)
                .toList();
    }

    private static List<Vote> withSpammers(List<Vote> votes, long seed) {
        var random = new Random(seed);
        var people = new ArrayList<>(
                votes.stream().map(Vote::annotator).distinct().sorted().toList());
        Collections.shuffle(people, random);
        Set<String> spammers = new HashSet<>(people.subList(0, people.size() / 5));
        return votes.stream()
                .map(vote -> spammers.contains(vote.annotator())
                        ? new Vote(vote.task(), vote.annotator(), random.nextBoolean() ? "1" : "2")
                        : vote)
                .toList();
    }

    private void read() throws IOException {
        var file = Path.of(System.getProperty("gyre.data", System.getProperty("gyre.root", "..") + "/../shared"))
                .resolve("data/annot-blimp/human_responses.csv");
        assumeTrue(Files.exists(file), "the recorded answers of the crowd are not here");
        var lines = Files.readAllLines(file);
        var columns = fields(lines.getFirst());
        for (var line : lines.subList(1, lines.size())) {
            var fields = fields(line);
            for (int item = 1; item <= 5; item++) {
                var condition = fields.get(columns.indexOf("Input.item_%d_condition".formatted(item)));
                var answer = fields.get(columns.indexOf("Answer.Choice" + item));
                if (!condition.startsWith("attnchk") && answer.matches("[12].*")) {
                    var task = fields.getFirst() + "/" + item;
                    truth.put(task, condition.substring(condition.length() - 1));
                    votes.add(new Vote(task, fields.getLast(), answer.substring(0, 1)));
                }
            }
        }
    }

    /// Fields of a line of CSV; no field has a line break.
    private static List<String> fields(String line) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        boolean quoted = false;
        for (char one : line.toCharArray()) {
            if (one == '"') {
                quoted = !quoted;
            } else if (one == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(one);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
