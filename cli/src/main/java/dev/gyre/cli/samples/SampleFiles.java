package dev.gyre.cli.samples;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Writes what the world says into the files that the shipped scenario uses: the same world gives the same bytes.
final class SampleFiles {

    private static final ObjectMapper JSON = new ObjectMapper();
    /// Answers nearer than this in quality are not put side by side: nobody could tell.
    private static final double NOTICEABLE = 0.2;

    private final Desk desk;
    private final World world;
    private final List<Question> questions;

    SampleFiles(Desk desk) {
        this.desk = desk;
        world = new World(desk);
        questions = world.questions(desk.seed());
        var wanted = desk.demonstrations() + desk.preferences();
        if (questions.size() < wanted) {
            throw new IllegalArgumentException(
                    "desk.yaml wants %d prompts and its topics ask only %d; ask more or want less"
                            .formatted(wanted, questions.size()));
        }
    }

    /// Right answers, all of them complete, more than half of them polite.
    List<ObjectNode> demonstrations() {
        var random = new Random(desk.seed() + 1);
        var rows = new ArrayList<ObjectNode>();
        for (var question : questions.subList(0, desk.demonstrations())) {
            var manner = drawn(random, 60, 40, 0, 0, 0);
            rows.add(row("d", rows.size(), question)
                    .put(
                            "completion",
                            world.answer(question, manner, true, random).text()));
        }
        return dirtied(rows, "completion");
    }

    /// Two answers each, of which one is noticeably better; `q_a` and `q_b` say how good they are.
    List<ObjectNode> preferences() {
        var random = new Random(desk.seed() + 2);
        var rows = new ArrayList<ObjectNode>();
        for (var question : questions.subList(desk.demonstrations(), desk.demonstrations() + desk.preferences())) {
            Answer first;
            Answer second;
            do {
                first = written(question, random);
                second = written(question, random);
            } while (Math.abs(first.quality() - second.quality()) < NOTICEABLE);
            rows.add(row("p", rows.size(), question)
                    .put("answer_a", first.text())
                    .put("answer_b", second.text())
                    .put("q_a", first.quality())
                    .put("q_b", second.quality()));
        }
        return dirtied(rows, "answer_b");
    }

    /// What a base model reads before anybody teaches it: every manner, and one answer in six wrong.
    ///
    /// The prompts of the other two files are kept from it.
    List<ObjectNode> reading(int wanted) {
        var random = new Random(desk.seed() + 3);
        var unused = questions.subList(desk.demonstrations() + desk.preferences(), questions.size());
        var rows = new ArrayList<ObjectNode>();
        while (rows.size() < wanted) {
            var question = unused.get(random.nextInt(unused.size()));
            var manner = drawn(random, 25, 22, 20, 25, 8);
            var right = random.nextInt(6) != 0;
            rows.add(row("r", rows.size(), question)
                    .put(
                            "completion",
                            world.answer(question, manner, right, random).text()));
        }
        return rows;
    }

    /// What callers ask in the order of time: the world as it was, then one in which seven of ten ask about courses.
    ///
    /// `right` is everything that satisfies the caller, `completion` what a person at the desk would say.
    List<ObjectNode> traffic() {
        var random = new Random(desk.seed() + 4);
        var known = new ArrayDeque<>(questions.subList(desk.demonstrations() + desk.preferences(), questions.size()));
        var later = new ArrayDeque<>(world.laterQuestions(desk.seed()));
        var rows = new ArrayList<ObjectNode>();
        while (rows.size() < desk.traffic().before() + desk.traffic().after()) {
            var isLater = rows.size() >= desk.traffic().before() && random.nextInt(10) < 7;
            var question = (isLater ? later : known).remove();
            var manner = drawn(random, 60, 40, 0, 0, 0);
            var row = row("t", rows.size(), question)
                    .put(
                            "completion",
                            world.answer(question, manner, true, random).text());
            world.rightTexts(question).forEach(row.withArray("right")::add);
            rows.add(row);
        }
        return rows;
    }

    static void write(Path file, List<ObjectNode> rows) throws IOException {
        try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (var row : rows) {
                out.write(JSON.writeValueAsString(row));
                out.write('\n');
            }
        }
    }

    private Answer written(Question question, RandomGenerator random) {
        var manner = drawn(random, 40, 32, 18, 5, 5);
        return world.answer(question, manner, random.nextInt(10) < 9, random);
    }

    /// The dirt that real files have: rows said twice, empty, too long, not text, or with a column missing.
    private List<ObjectNode> dirtied(List<ObjectNode> clean, String column) {
        var rows = new ArrayList<>(clean);
        insert(rows, 40, "twice", rows.get(7).deepCopy());
        insert(rows, 211, "twice", rows.get(30).deepCopy());
        insert(rows, 77, "empty", rows.get(12).deepCopy().put("prompt", " "));
        insert(rows, 130, "empty", rows.get(13).deepCopy().put(column, ""));
        insert(rows, 166, "not-text", rows.get(14).deepCopy().put(column, true));
        insert(rows, 301, "not-text", rows.get(15).deepCopy().put(column, true));
        insert(rows, 333, "long", rows.get(16).deepCopy().put(column, "And so on and so forth. ".repeat(60)));
        var incomplete = rows.get(17).deepCopy();
        incomplete.remove(column);
        insert(rows, 402, "incomplete", incomplete);
        return rows;
    }

    private static void insert(List<ObjectNode> rows, int at, String name, ObjectNode row) {
        rows.add(Math.min(at, rows.size()), row.put("id", row.path("id").asText() + "-" + name));
    }

    private static ObjectNode row(String series, int index, Question question) {
        return JSON.createObjectNode()
                .put("id", "%s-%03d".formatted(series, index + 1))
                .put("slice", question.topic())
                .put("prompt", question.prompt());
    }

    /// Draws a manner by weights in the order of [Manner].
    private static Manner drawn(RandomGenerator random, int... weights) {
        var left = random.nextInt(Arrays.stream(weights).sum());
        for (var manner : Manner.values()) {
            left -= weights[manner.ordinal()];
            if (left < 0) {
                return manner;
            }
        }
        throw new IllegalStateException("weights do not cover the manners");
    }
}
