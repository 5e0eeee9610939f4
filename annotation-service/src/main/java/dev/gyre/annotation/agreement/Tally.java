package dev.gyre.annotation.agreement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// How often each value was said of each unit: units that were answered alike are counted together, which makes the
/// coefficients of a million units as quick as those of a hundred.
public final class Tally {

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}(\\.\\d{1,9})?");

    private final List<String> values;
    /// The values as numbers, their places where they are none. // (value)
    private final double[] numbers;
    /// How often each value was said, for each pattern. // (pattern, value)
    private final List<int[]> patterns;
    /// How many units have the pattern. // (pattern)
    private final long[] units;

    private Tally(List<String> values, double[] numbers, List<int[]> patterns, long[] units) {
        this.values = List.copyOf(values);
        this.numbers = numbers;
        this.patterns = List.copyOf(patterns);
        this.units = units;
    }

    /// @param units the values that each unit was given, in any order; numbers are sorted as numbers
    public static Tally of(Collection<List<String>> units) {
        var all = units.stream().flatMap(List::stream).distinct().toList();
        var values = all.stream()
                .sorted(isNumeric(all) ? Comparator.comparingDouble(Double::parseDouble) : Comparator.naturalOrder())
                .toList();
        var places = new LinkedHashMap<String, Integer>();
        values.forEach(value -> places.put(value, places.size()));
        var counted = new LinkedHashMap<List<Integer>, Long>();
        for (var unit : units) {
            var said = unit.stream().map(places::get).sorted().toList();
            counted.merge(said, 1L, Long::sum);
        }
        return of(values, counted);
    }

    private static Tally of(List<String> values, Map<List<Integer>, Long> counted) {
        var patterns = new ArrayList<int[]>();
        for (var places : counted.keySet()) {
            var pattern = new int[values.size()];
            places.forEach(place -> pattern[place]++);
            patterns.add(pattern);
        }
        return new Tally(
                values,
                numbers(values),
                patterns,
                counted.values().stream().mapToLong(Long::longValue).toArray());
    }

    /// Whether every value is a number, so that [Scale#ORDINAL] and [Scale#INTERVAL] mean something.
    public boolean isNumeric() {
        return isNumeric(values);
    }

    private static boolean isNumeric(List<String> values) {
        return !values.isEmpty()
                && values.stream().allMatch(value -> NUMBER.matcher(value).matches());
    }

    private static double[] numbers(List<String> values) {
        return isNumeric(values)
                ? values.stream().mapToDouble(Double::parseDouble).toArray()
                : IntStream.range(0, values.size()).asDoubleStream().toArray();
    }

    /// Only the units that two or more judged.
    public Tally pairable() {
        var kept = new ArrayList<int[]>();
        var counts = new ArrayList<Long>();
        for (int pattern = 0; pattern < patterns.size(); pattern++) {
            if (Arrays.stream(patterns.get(pattern)).sum() > 1) {
                kept.add(patterns.get(pattern));
                counts.add(units[pattern]);
            }
        }
        return new Tally(
                values,
                numbers,
                kept,
                counts.stream().mapToLong(Long::longValue).toArray());
    }

    /// As many units, drawn from these with replacement: pattern after pattern, what is left among those that are left.
    Tally resampled(RandomGenerator random) {
        var drawn = new long[units.length];
        long left = size();
        long among = left;
        for (int pattern = 0; pattern < units.length && left > 0; pattern++) {
            drawn[pattern] = Binomial.draw(random, left, units[pattern] / (double) among);
            left -= drawn[pattern];
            among -= units[pattern];
        }
        return new Tally(values, numbers, patterns, drawn);
    }

    /// How many units there are.
    public long size() {
        return Arrays.stream(units).sum();
    }

    List<String> values() {
        return values;
    }

    List<int[]> patterns() {
        return patterns;
    }

    long units(int pattern) {
        return units[pattern];
    }

    /// The value as a number; its place where the values are no numbers.
    double number(int value) {
        return numbers[value];
    }
}
