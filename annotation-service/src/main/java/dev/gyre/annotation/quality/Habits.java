package dev.gyre.annotation.quality;

import dev.gyre.events.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How somebody judges, whatever is judged.
///
/// @param left pairs decided for the answer shown first
/// @param longer pairs of answers of different length decided for the longer one
/// @param activeMillis median time in focus, where it was measured
/// @param hasty measured judgements that took less time than reading does
record Habits(
        @Nullable Share left,
        @Nullable Share longer,
        @Nullable Long activeMillis,
        @Nullable Share hasty) {

    private record Decided(Answer answer, Asked task) {

        /// Only two answers have a left and a right; the value of a decided pair is the one that was chosen.
        boolean isPair() {
            return answer.strength() != 0 && task.candidates().size() == 2;
        }

        boolean isLeft() {
            return answer.strength() < 0 == task.candidates().getFirst().id().equals(answer.left());
        }

        boolean isUneven() {
            return first() != second();
        }

        boolean isLonger() {
            return answer.strength() < 0 == first() > second();
        }

        private long first() {
            return task.candidates().getFirst().text().bytes();
        }

        private long second() {
            return task.candidates().getLast().text().bytes();
        }
    }

    /// @param answers of one annotator
    /// @param tasks by id
    static Habits of(List<Answer> answers, Map<String, Asked> tasks, ReadingFloor floor) {
        var decided = new ArrayList<Decided>();
        var timed = new ArrayList<Decided>();
        for (var answer : answers) {
            var task = tasks.getOrDefault(answer.task(), new Asked(answer.task(), List.<Candidate>of(), 0));
            var one = new Decided(answer, task);
            if (one.isPair()) {
                decided.add(one);
            }
            if (answer.activeMillis() > 0) {
                timed.add(one);
            }
        }
        return new Habits(
                share(decided, Decided::isLeft),
                share(decided.stream().filter(Decided::isUneven).toList(), Decided::isLonger),
                median(timed),
                share(
                        timed,
                        one -> one.answer().activeMillis()
                                < floor.millis(one.task().reading())));
    }

    private static @Nullable Share share(List<Decided> all, Predicate<Decided> hits) {
        return all.isEmpty() ? null : Share.of((int) all.stream().filter(hits).count(), all.size());
    }

    private static @Nullable Long median(List<Decided> timed) {
        var sorted = timed.stream()
                .map(one -> one.answer().activeMillis())
                .sorted(Comparator.naturalOrder())
                .toList();
        return sorted.isEmpty() ? null : (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }
}
