package dev.gyre.edge;

/// What an account may do, in the words of `@RolesAllowed`.
public final class Roles {

    /// Judges tasks.
    public static final String ANNOTATOR = "annotator";
    /// Reviews what annotators said.
    public static final String REVIEWER = "reviewer";
    /// Runs projects and freezes data sets.
    public static final String MANAGER = "manager";
    /// Brings in data and starts training.
    public static final String ENGINEER = "engineer";
    /// Imports models, moves aliases, rolls back.
    public static final String PUBLISHER = "publisher";
    /// Watches the system.
    public static final String OPERATOR = "operator";
    /// An app that pulls models and sends traffic.
    public static final String SERVICE = "service";

    private Roles() {}
}
