package dev.gyre.annotation.task;

import dev.gyre.annotation.project.Project;
import dev.gyre.events.SampleDocument;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where documents that come from no source become tasks of one project.
public interface Tasks {

    /// A document that somebody brings.
    ///
    /// @param externalId the row's own id
    record Brought(String externalId, String slice, SampleDocument document) {}

    /// The id of the sample that a document becomes in a project: the same document is the same sample.
    String sample(Project project, SampleDocument document);

    /// Why a document would be no task of the project; nothing where it would be one.
    Optional<String> refusal(Project project, SampleDocument document);

    /// Which of these samples are tasks of the project already.
    Set<String> known(Project project, Set<String> samples);

    /// Keeps the texts of documents that are about to be added; outside of a transaction, since it takes a while.
    List<Kept> keep(Project project, List<Brought> brought);

    /// A document whose texts are kept.
    interface Kept {

        Brought brought();
    }

    /// A task that a document is.
    ///
    /// @param isNew false where it was one before
    record Added(String task, boolean isNew) {}

    /// Makes a task of a document unless it is one, in the running transaction if any.
    Added add(Project project, Kept kept);
}
