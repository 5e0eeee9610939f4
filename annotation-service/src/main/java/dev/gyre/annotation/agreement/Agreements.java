package dev.gyre.annotation.agreement;

/// Where the agreement of a project is asked for.
public interface Agreements {

    /// Over the judgements that stand now.
    Agreement of(String workspace, String project);
}
