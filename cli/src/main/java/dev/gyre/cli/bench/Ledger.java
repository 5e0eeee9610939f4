package dev.gyre.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What the bench itself has sent and was given a receipt for; the only thing that the count is held against.
final class Ledger {

    private final List<Work> works = new CopyOnWriteArrayList<>();
    private final List<String> runs = new CopyOnWriteArrayList<>();

    /// One file that was sent, and what was asked and said about its rows.
    Work open(String source, Kind kind, List<Text> texts) {
        var work = new Work(source, kind, texts);
        works.add(work);
        return work;
    }

    void asked(String run) {
        runs.add(run);
    }

    List<Work> works() {
        return List.copyOf(works);
    }

    List<String> runs() {
        return List.copyOf(runs);
    }

    /// Samples, judgements, data sets and runs.
    long submitted() {
        return runs.size()
                + works.stream()
                        .mapToLong(work -> work.texts().size()
                                + work.receipts().size()
                                + (work.dataset().isEmpty() ? 0 : 1))
                        .sum();
    }

    /// What people are asked.
    enum Kind {
        DEMONSTRATION(List.of("code-1"), "supervised"),
        PAIRWISE(List.of("sim-1", "sim-2"), "dpo");

        private final List<String> judges;
        private final String method;

        Kind(List<String> judges, String method) {
            this.judges = judges;
            this.method = method;
        }

        List<String> judges() {
            return judges;
        }

        String method() {
            return method;
        }
    }

    /// A row of a file and what every judge says of it.
    ///
    /// @param answers two to choose from, or the one to be written
    /// @param chosen which of the answers is said to be the better one, from 0
    record Text(String id, String slice, String prompt, List<String> answers, int chosen) {

        Text {
            answers = List.copyOf(answers);
        }

        String said() {
            return answers.get(chosen);
        }
    }

    /// A file, its project, its judgements, its data set.
    static final class Work {

        private final String name;
        private final Kind kind;
        private final List<Text> texts;
        private final List<String> receipts = new CopyOnWriteArrayList<>();
        private volatile String source = "";
        private volatile String project = "";
        private volatile String dataset = "";

        private Work(String name, Kind kind, List<Text> texts) {
            this.name = name;
            this.kind = kind;
            this.texts = List.copyOf(texts);
        }

        String name() {
            return name;
        }

        Kind kind() {
            return kind;
        }

        List<Text> texts() {
            return texts;
        }

        Text text(String id) {
            return texts.stream()
                    .filter(text -> text.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "%s shows row '%s', which was never sent".formatted(name, id)));
        }

        String source() {
            return source;
        }

        void source(String id) {
            source = id;
        }

        String project() {
            return project;
        }

        void project(String id) {
            project = id;
        }

        String dataset() {
            return dataset;
        }

        void dataset(String id) {
            dataset = id;
        }

        void judged(String receipt) {
            receipts.add(receipt);
        }

        List<String> receipts() {
            return new ArrayList<>(receipts);
        }
    }
}
