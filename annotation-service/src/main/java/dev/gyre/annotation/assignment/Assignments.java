package dev.gyre.annotation.assignment;

import dev.gyre.annotation.project.Project;
import dev.gyre.events.Annotator;
import java.util.List;
import java.util.Optional;

/// Whether somebody may be asked.
public interface Assignments {

    /// What somebody is asked.
    ///
    /// @param languages only samples in these, or in none; everything where there is no list
    record Fit(boolean admitted, Optional<List<String>> languages) {

        public Fit {
            languages = languages.map(List::copyOf);
        }
    }

    Fit of(Project project, Annotator annotator);
}
