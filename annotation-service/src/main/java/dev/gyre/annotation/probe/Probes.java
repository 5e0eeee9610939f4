package dev.gyre.annotation.probe;

import dev.gyre.annotation.project.Project;
import dev.gyre.events.Annotator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where probes are lent and answered; beside the tasks that count, none of this moves a seat or tells a fact.
public interface Probes {

    /// In which order candidates are shown.
    interface Order {

        /// @param candidates ids in the order of the source
        List<String> of(String task, List<String> candidates);
    }

    /// Draws how many of the next tasks are probes, and lends these.
    ///
    /// @param count of the tasks that are asked for
    /// @return mostly none
    List<Probe> lend(Project project, Annotator annotator, int count, Order order);

    /// Lends the probe on a task whose answer the person took back, once more.
    Optional<Probe> lendAgain(Project project, Annotator annotator, String task);

    /// What this person holds at the moment.
    List<Probe> held(Project project, Annotator annotator);

    /// The probe that was lent under this lease.
    Optional<Probe> find(String workspace, String task, String lease, Annotator annotator);

    /// Keeps what a probe came to.
    ///
    /// @param value as it is counted
    /// @return what the answer is known by; of the same lease always the same
    String answer(Probe probe, @Nullable String value, long activeMillis);

    /// Gives a probe back unanswered.
    ///
    /// @return false where the lease is no open probe of this person
    boolean skip(String workspace, String lease, Annotator annotator);

    /// Takes the answer to a probe back.
    ///
    /// @param annotator pseudonym
    /// @return false where there is no such answer of this person
    boolean withdraw(String workspace, String receipt, String annotator);
}
