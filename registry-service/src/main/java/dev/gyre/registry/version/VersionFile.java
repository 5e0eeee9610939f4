package dev.gyre.registry.version;

import dev.gyre.events.ArtifactRef;
import dev.gyre.events.ModelFile;

/// One file of a version, as git would name it.
///
/// @param oid SHA-1 of the git blob: of the bytes, or of the LFS pointer for a large file
/// @param large named by its SHA-256, as Git LFS does
public record VersionFile(String path, ArtifactRef content, String oid, boolean large) {

    public String etag() {
        return large ? content.sha256() : oid;
    }

    ModelFile fact() {
        return new ModelFile(path, content);
    }
}
