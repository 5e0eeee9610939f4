package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.events.SampleDocument.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What an import did, or would do.
///
/// @param rows rows read
/// @param tasks new tasks
/// @param known rows whose task was there before
/// @param judgements new judgements; in a preview those that the rows hold
/// @param refused rows that were left out
/// @param refusals the first of them
/// @param examples the first tasks as they look
record Report(
        boolean preview,
        long rows,
        long tasks,
        long known,
        long judgements,
        long refused,
        List<Refusal> refusals,
        List<Example> examples) {

    private static final int MOST_REFUSALS = 20;
    private static final int MOST_EXAMPLES = 5;

    /// @param row its line in JSONL, else its place among the rows, from 1
    record Refusal(long row, String reason) {}

    /// @param judgements answers by question, one map for each person
    record Example(
            long row,
            String id,
            String prompt,
            List<Message> messages,
            List<String> candidates,
            List<Map<String, JsonNode>> judgements) {}

    /// Counts while rows come.
    static final class Counting {

        private final boolean isPreview;
        private final List<Refusal> refusals = new ArrayList<>();
        private final List<Example> examples = new ArrayList<>();
        private long rows;
        private long tasks;
        private long known;
        private long judgements;
        private long refused;

        Counting(boolean isPreview) {
            this.isPreview = isPreview;
        }

        void row() {
            rows++;
        }

        long rows() {
            return rows;
        }

        void task(boolean isNew, int said) {
            tasks += isNew ? 1 : 0;
            known += isNew ? 0 : 1;
            judgements += said;
        }

        void refuse(long row, String reason) {
            refused++;
            if (refusals.size() < MOST_REFUSALS) {
                refusals.add(new Refusal(row, reason));
            }
        }

        void show(Order order, Understood row) {
            if (examples.size() < MOST_EXAMPLES) {
                examples.add(new Example(
                        row.number(),
                        row.id(),
                        row.draft().document().prompt(),
                        row.draft().document().messages(),
                        row.draft().document().candidates(),
                        order.given(row.draft()).stream().map(Draft.Given::answers).toList()));
            }
        }

        Report report() {
            return new Report(
                    isPreview,
                    rows,
                    tasks,
                    known,
                    judgements,
                    refused,
                    List.copyOf(refusals),
                    List.copyOf(examples));
        }
    }

    /// A row that fits the project.
    record Understood(long number, Draft draft) {

        String id() {
            return draft.id() == null ? "row " + number : draft.id();
        }

        String slice() {
            return draft.slice() == null ? "imported" : draft.slice();
        }
    }
}
