package dev.gyre.annotation.consensus;

import dev.gyre.annotation.reliability.Vote;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Votes with tasks, annotators and values as numbers from 0, so that they can be gone through many times.
final class Ballots {

    private final List<String> tasks;
    private final List<String> annotators;
    private final List<String> values;
    private final int[] task;
    private final int[] annotator;
    private final int[] value;

    private Ballots(List<String> tasks, List<String> annotators, List<String> values, List<int[]> votes) {
        this.tasks = List.copyOf(tasks);
        this.annotators = List.copyOf(annotators);
        this.values = List.copyOf(values);
        this.task = votes.stream().mapToInt(vote -> vote[0]).toArray();
        this.annotator = votes.stream().mapToInt(vote -> vote[1]).toArray();
        this.value = votes.stream().mapToInt(vote -> vote[2]).toArray();
    }

    /// Tasks and annotators in the order in which they first come, values sorted.
    static Ballots of(Collection<Vote> votes) {
        var tasks = new LinkedHashMap<String, Integer>();
        var annotators = new LinkedHashMap<String, Integer>();
        var values = new LinkedHashMap<String, Integer>();
        var sorted = new TreeSet<String>();
        votes.forEach(vote -> sorted.add(vote.value()));
        sorted.forEach(value -> values.put(value, values.size()));
        var numbered = new ArrayList<int[]>(votes.size());
        for (var vote : votes) {
            numbered.add(new int[] {
                number(tasks, vote.task()), number(annotators, vote.annotator()), number(values, vote.value())
            });
        }
        return new Ballots(names(tasks), names(annotators), names(values), numbered);
    }

    private static int number(Map<String, Integer> numbers, String name) {
        return numbers.computeIfAbsent(name, ignored -> numbers.size());
    }

    private static List<String> names(Map<String, Integer> numbers) {
        return List.copyOf(numbers.keySet());
    }

    int size() {
        return task.length;
    }

    int task(int vote) {
        return task[vote];
    }

    int annotator(int vote) {
        return annotator[vote];
    }

    int value(int vote) {
        return value[vote];
    }

    List<String> tasks() {
        return tasks;
    }

    List<String> annotators() {
        return annotators;
    }

    List<String> values() {
        return values;
    }

    /// Share of each value among the votes of each task. // (task, value)
    double[][] shares() {
        var shares = new double[tasks.size()][values.size()];
        IntStream.range(0, size()).forEach(vote -> shares[task[vote]][value[vote]]++);
        for (var row : shares) {
            normalize(row);
        }
        return shares;
    }

    /// Makes the numbers sum up to 1.
    ///
    /// @return what they summed up to
    static double normalize(double[] row) {
        double sum = 0;
        for (double one : row) {
            sum += one;
        }
        for (int each = 0; each < row.length; each++) {
            row[each] /= sum;
        }
        return sum;
    }

    /// Turns logarithms into shares that sum up to 1.
    ///
    /// @return the logarithm of what they summed up to
    static double exponentiate(double[] row) {
        double most = Double.NEGATIVE_INFINITY;
        for (double one : row) {
            most = Math.max(most, one);
        }
        for (int each = 0; each < row.length; each++) {
            row[each] = Math.exp(row[each] - most);
        }
        return most + Math.log(normalize(row));
    }
}
