package dev.gyre.registry.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gyre.registry.hub.TreeEntry.Large;
import dev.gyre.registry.version.Version;
import dev.gyre.registry.version.VersionFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model at one revision, in the Hub's words.
@JsonInclude(JsonInclude.Include.NON_NULL)
record ModelInfo(
        @JsonProperty("_id") String internal,
        String id,
        String modelId,
        String author,
        String sha,
        String lastModified,
        String createdAt,
        @JsonProperty("private") boolean isPrivate,
        boolean gated,
        boolean disabled,
        int downloads,
        int likes,
        List<String> tags,
        @JsonProperty("pipeline_tag") String pipelineTag,
        @JsonProperty("library_name") String libraryName,
        @Nullable List<Sibling> siblings) {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Sibling(
            String rfilename,
            @Nullable Long size,
            @Nullable String blobId,
            @Nullable Large lfs) {}

    /// @param pipeline what it is for
    /// @param files what to list, nothing for a line in a list of models
    /// @param blobs whether sizes and digests are wanted too
    static ModelInfo of(Version version, String pipeline, @Nullable List<VersionFile> files, boolean blobs) {
        var id = version.workspace() + "/" + version.name();
        var tags = new ArrayList<>(List.of("gyre", "safetensors", pipeline));
        var training = version.training();
        if (training != null) {
            tags.add(training.recipe().method());
            tags.add("base_model:%s/%s"
                    .formatted(version.workspace(), training.base().name()));
            tags.add("dataset:%s/%s".formatted(version.workspace(), training.dataset()));
        }
        var when = version.createdAt().toString();
        return new ModelInfo(
                version.commitId().substring(0, 24),
                id,
                id,
                version.workspace(),
                version.commitId(),
                when,
                when,
                true,
                false,
                false,
                0,
                0,
                tags,
                pipeline,
                "transformers",
                files == null
                        ? null
                        : files.stream().map(file -> sibling(file, blobs)).toList());
    }

    private static Sibling sibling(VersionFile file, boolean blobs) {
        return blobs
                ? new Sibling(file.path(), file.content().bytes(), file.oid(), TreeEntry.large(file))
                : new Sibling(file.path(), null, null, null);
    }
}
