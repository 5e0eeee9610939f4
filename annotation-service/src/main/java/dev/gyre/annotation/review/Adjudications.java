package dev.gyre.annotation.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.events.Annotator;

/// Where tasks are decided many at a time.
public interface Adjudications {

    /// Decides a task.
    ///
    /// @param answer to the first question, as an annotator gives it; one that points into a text is refused
    void decide(String workspace, String task, Annotator reviewer, JsonNode answer, String reason);

    /// Takes a decision back, if it is the one that counts.
    ///
    /// @param decidedFor the reason that it was made for
    void takeBack(String workspace, String task, String decidedFor, String reason);
}
