package dev.gyre.annotation.reliability;

import java.util.List;

/// Where the reliability of a project's annotators is asked for.
public interface Reliabilities {

    /// Over the judgements that stand now, by pseudonym.
    List<Reliability> of(String workspace, String project);
}
