package dev.gyre.llm.training;

import dev.gyre.llm.text.Sequence;
import java.util.List;
import java.util.Optional;

/// What one row teaches.
sealed interface Example {

    /// The token rows it puts into a batch.
    List<Sequence> sequences();

    default int length() {
        return sequences().stream().mapToInt(Sequence::length).max().orElse(0);
    }

    /// Whether there is something in it to learn.
    default boolean teaches() {
        return sequences().stream().allMatch(sequence -> sequence.targets() > 0);
    }

    default int tokens() {
        return sequences().stream().mapToInt(Sequence::length).sum();
    }

    /// What is asked: the ids before what is to be foreseen, or all where that is everything.
    default List<Long> asked() {
        var first = sequences().getFirst();
        return Split.ids(first.ids(), first.start() > 1 ? first.start() : first.length());
    }

    /// A prompt and its completion, or any text.
    record Demonstration(Sequence sequence) implements Example {
        @Override
        public List<Sequence> sequences() {
            return List.of(sequence);
        }
    }

    /// A text and the one label it has.
    record Labelled(Sequence sequence, String label) implements Example {
        @Override
        public List<Sequence> sequences() {
            return List.of(sequence);
        }

        @Override
        public boolean teaches() {
            return true;
        }

        @Override
        public List<Long> asked() {
            return Split.ids(sequence.ids(), sequence.length());
        }
    }

    /// A prompt and two answers, one better than the other.
    ///
    /// @param answer where the chosen answer begins; its targets may begin before, with the prompt
    record Preference(Sequence chosen, Sequence rejected, int answer) implements Example {
        Preference(Sequence chosen, Sequence rejected) {
            this(chosen, rejected, chosen.start());
        }

        @Override
        public List<Sequence> sequences() {
            return List.of(chosen, rejected);
        }

        @Override
        public List<Long> asked() {
            return Split.ids(chosen.ids(), answer);
        }

        @Override
        public boolean teaches() {
            return chosen.length() > answer && rejected.targets() > 0;
        }
    }

    /// A prompt and two answers, each read as a whole.
    ///
    /// @param margin by which the score of the chosen answer should at least lead, 0 where nothing is known
    record Ranked(Sequence chosen, Sequence rejected, double margin) implements Example {
        @Override
        public List<Sequence> sequences() {
            return List.of(chosen, rejected);
        }

        @Override
        public boolean teaches() {
            return !chosen.says(rejected);
        }
    }

    /// A prompt and an answer that is good or bad.
    /// With it, where an objective asks for it, the same prompt with an answer to another.
    record Judged(Sequence sequence, Optional<Sequence> other, boolean desirable) implements Example {
        @Override
        public List<Sequence> sequences() {
            return other.map(row -> List.of(sequence, row)).orElse(List.of(sequence));
        }
    }
}
