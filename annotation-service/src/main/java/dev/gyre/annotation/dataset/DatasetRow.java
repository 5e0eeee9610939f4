package dev.gyre.annotation.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line of a data set, in the columns of TRL with a few of our own; `adjudication` stands only in rows that a reviewer
/// decided.
@JsonInclude(JsonInclude.Include.NON_NULL)
sealed interface DatasetRow {

    record Preference(
            String prompt,
            String chosen,
            String rejected,
            String slice,
            String task,
            int strength,
            List<String> judgements,
            @Nullable String adjudication)
            implements DatasetRow {}

    record Supervised(
            String prompt,
            String completion,
            String slice,
            String task,
            List<String> judgements,
            @Nullable String adjudication)
            implements DatasetRow {}

    record Labelled(
            String text,
            String label,
            String slice,
            String task,
            List<String> judgements,
            @Nullable String adjudication)
            implements DatasetRow {}
}
