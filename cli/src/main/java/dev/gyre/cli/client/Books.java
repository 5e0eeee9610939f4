package dev.gyre.cli.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Compares what was submitted with what a stage holds, item by item.
public final class Books {

    private final List<Page> pages = new ArrayList<>();

    /// One comparison.
    ///
    /// @param place stage and what it holds
    /// @param submitted different things that should be there
    /// @param held things that are there, repeats included
    /// @param lost should be there and are not
    /// @param duplicated are there once more than they should, or were never submitted
    public record Page(String place, long submitted, long held, long lost, long duplicated, List<String> examples) {}

    /// Every submitted thing must be held exactly once, and nothing else.
    ///
    /// @param held as the stage lists it, repeats included
    public void compare(String place, Collection<String> submitted, Collection<String> held) {
        var wanted = new HashSet<>(submitted);
        Map<String, Long> times =
                held.stream().collect(Collectors.groupingBy(Function.identity(), HashMap::new, Collectors.counting()));
        var lost = wanted.stream()
                .filter(thing -> !times.containsKey(thing))
                .sorted()
                .toList();
        var repeated = times.entrySet().stream()
                .filter(thing -> thing.getValue() > 1 || !wanted.contains(thing.getKey()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        long surplus = times.entrySet().stream()
                .mapToLong(thing -> wanted.contains(thing.getKey()) ? thing.getValue() - 1 : thing.getValue())
                .sum();
        var examples = new ArrayList<String>();
        lost.stream().limit(3).map("lost "::concat).forEach(examples::add);
        repeated.stream().limit(3).map("too many "::concat).forEach(examples::add);
        pages.add(new Page(place, wanted.size(), held.size(), lost.size(), surplus, examples));
    }

    public List<Page> pages() {
        return List.copyOf(pages);
    }

    public long lost() {
        return pages.stream().mapToLong(Page::lost).sum();
    }

    public long duplicated() {
        return pages.stream().mapToLong(Page::duplicated).sum();
    }
}
