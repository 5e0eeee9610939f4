package dev.gyre.annotation.dataset;

import java.util.List;

/// A line of a data set, in the columns of TRL with four of our own.
sealed interface DatasetRow {

    record Preference(
            String prompt,
            String chosen,
            String rejected,
            String slice,
            String task,
            int strength,
            List<String> judgements)
            implements DatasetRow {}

    record Supervised(String prompt, String completion, String slice, String task, List<String> judgements)
            implements DatasetRow {}

    record Labelled(String text, String label, String slice, String task, List<String> judgements)
            implements DatasetRow {}
}
