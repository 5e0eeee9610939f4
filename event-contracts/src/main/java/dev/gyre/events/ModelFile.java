package dev.gyre.events;

/// One file of a model version.
///
/// @param path relative, with `/`, such as `config.json` or `adapter/adapter_model.safetensors`
public record ModelFile(String path, ArtifactRef content) {

    public ModelFile {
        if (path.isBlank() || path.startsWith("/") || path.contains("..") || path.contains("\\")) {
            throw new IllegalArgumentException("path '%s' must be relative and stay inside the model".formatted(path));
        }
    }
}
