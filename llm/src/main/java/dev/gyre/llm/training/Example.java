package dev.gyre.llm.training;

import dev.gyre.llm.text.Sequence;
import java.util.List;

/// What one row teaches.
sealed interface Example {

    /// The token rows it puts into a batch.
    List<Sequence> sequences();

    default int length() {
        return sequences().stream().mapToInt(Sequence::length).max().orElse(0);
    }

    default int tokens() {
        return sequences().stream().mapToInt(Sequence::length).sum();
    }

    /// A prompt and its completion, or any text.
    record Demonstration(Sequence sequence) implements Example {
        @Override
        public List<Sequence> sequences() {
            return List.of(sequence);
        }
    }

    /// A prompt and two answers, one better than the other.
    record Preference(Sequence chosen, Sequence rejected) implements Example {
        @Override
        public List<Sequence> sequences() {
            return List.of(chosen, rejected);
        }
    }
}
