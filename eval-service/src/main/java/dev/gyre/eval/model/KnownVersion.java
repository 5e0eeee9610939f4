package dev.gyre.eval.model;

import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelFile;
import dev.gyre.events.ModelVersion;
import java.util.List;

/// A version that registry has told of.
public record KnownVersion(VersionRegistered registered) {

    public String workspace() {
        return registered.workspace();
    }

    public ModelVersion model() {
        return registered.model();
    }

    /// The files of the complete model; an adapter beside it is not needed to run it.
    List<ModelFile> files() {
        return registered.files().stream()
                .filter(file -> !file.path().startsWith("adapter/"))
                .toList();
    }

    /// Bytes of weights, which is about what the open model takes.
    long weightBytes() {
        return files().stream()
                .filter(file -> file.path().endsWith(".safetensors"))
                .mapToLong(file -> file.content().bytes())
                .sum();
    }
}
