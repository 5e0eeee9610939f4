package dev.gyre.eval.model;

import dev.gyre.events.ModelVersion;

/// The files of a version are not a model that this engine runs; trying again does not help.
public final class UnusableModel extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnusableModel(ModelVersion model, String reason) {
        super("%s cannot be used so: %s".formatted(model, reason));
    }

    UnusableModel(ModelVersion model, String reason, Throwable cause) {
        super("%s cannot be opened: %s".formatted(model, reason), cause);
    }
}
