package dev.gyre.annotation.dataset;

import dev.gyre.annotation.project.Project;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Purpose;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where judgements become a data set, in two steps: its rows are written, then it counts.
public interface Freezer {

    /// What is wanted.
    ///
    /// @param id of the data set to come
    /// @param kind of its rows; what the first question gives where there is none
    /// @param campaign the campaign that asked for the judgements
    /// @param model name of the model that the campaign is for
    record Order(
            String id,
            String name,
            @Nullable Kind kind,
            Purpose purpose,
            HeldOutSplit split,
            @Nullable String campaign,
            @Nullable String model) {}

    /// A data set whose rows are written, but which nobody knows yet.
    ///
    /// @param adjudications the decisions of reviewers in it
    record Draft(Dataset dataset, List<String> judgements, List<String> adjudications) {

        public Draft {
            judgements = List.copyOf(judgements);
            adjudications = List.copyOf(adjudications);
        }
    }

    /// Writes the rows of the judgements of this moment; ends with 409 where they give no row to learn from.
    Draft draft(Project project, Order order);

    /// Adds the data set and tells it, in the running transaction if any; ends with 409 where a judgement in it was
    /// withdrawn meanwhile.
    void add(Draft draft);
}
