package dev.gyre.registry.version;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a version is in its life: candidate, then champion or rejected; a champion retires and may come back.
public sealed interface VersionState {

    /// Waits for its examination.
    record Candidate() implements VersionState {

        public Champion crown(String evaluation) {
            return new Champion(evaluation);
        }

        public Rejected reject(String evaluation, List<String> reasons) {
            return new Rejected(evaluation, reasons);
        }
    }

    /// The one that is handed out.
    ///
    /// @param evaluation the verdict that it stands on
    record Champion(String evaluation) implements VersionState {

        public Retired retire() {
            return new Retired(evaluation);
        }
    }

    /// Was champion before.
    record Retired(String evaluation) implements VersionState {

        public Champion restore() {
            return new Champion(evaluation);
        }
    }

    /// Was examined and not found better; a later examination may still crown it.
    record Rejected(String evaluation, List<String> reasons) implements VersionState {

        public Rejected {
            reasons = List.copyOf(reasons);
        }

        public Champion crown(String evaluation) {
            return new Champion(evaluation);
        }

        public Rejected reject(String evaluation, List<String> reasons) {
            return new Rejected(evaluation, reasons);
        }
    }

    /// The word for the state in tables, JSON and pages.
    default String word() {
        return switch (this) {
            case Candidate ignored -> "CANDIDATE";
            case Champion ignored -> "CHAMPION";
            case Retired ignored -> "RETIRED";
            case Rejected ignored -> "REJECTED";
        };
    }

    /// The verdict that put the version there.
    default @Nullable String verdict() {
        return switch (this) {
            case Candidate ignored -> null;
            case Champion champion -> champion.evaluation();
            case Retired retired -> retired.evaluation();
            case Rejected rejected -> rejected.evaluation();
        };
    }

    /// Why it is not champion, where a verdict says so.
    default List<String> objections() {
        return this instanceof Rejected rejected ? rejected.reasons() : List.of();
    }

    /// Reads what [#word], [#verdict] and [#objections] wrote.
    static VersionState of(String word, @Nullable String evaluation, List<String> reasons) {
        var verdict = evaluation == null ? "" : evaluation;
        return switch (word) {
            case "CANDIDATE" -> new Candidate();
            case "CHAMPION" -> new Champion(verdict);
            case "RETIRED" -> new Retired(verdict);
            case "REJECTED" -> new Rejected(verdict, reasons);
            default -> throw new IllegalStateException("a version is in the unknown state " + word);
        };
    }
}
