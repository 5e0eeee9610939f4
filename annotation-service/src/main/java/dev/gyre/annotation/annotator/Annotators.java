package dev.gyre.annotation.annotator;

import dev.gyre.events.Annotator;
import java.util.Optional;

/// Where accounts become annotators.
public interface Annotators {

    /// The annotator that this account is from now on.
    ///
    /// @param kind the name of an [Annotator.Kind]
    /// @throws IllegalArgumentException if there is no such kind
    Annotator of(String workspace, String account, String kind);

    /// The annotator that this account already is.
    Optional<Annotator> find(String workspace, String account);
}
