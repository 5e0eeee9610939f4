package dev.gyre.registry.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gyre.registry.version.GitObjects;
import dev.gyre.registry.version.Version;
import dev.gyre.registry.version.VersionFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file or folder in a listing, in the Hub's words.
@JsonInclude(JsonInclude.Include.NON_NULL)
record TreeEntry(
        String type,
        String path,
        long size,
        String oid,
        @Nullable Large lfs,
        @Nullable LastCommit lastCommit) {

    /// @param pointerSize length of what git keeps in its place
    record Large(String oid, String sha256, long size, int pointerSize) {}

    record LastCommit(String id, String title, String date) {}

    static TreeEntry file(VersionFile file, @Nullable LastCommit commit) {
        return new TreeEntry("file", file.path(), file.content().bytes(), file.oid(), large(file), commit);
    }

    static @Nullable Large large(VersionFile file) {
        var content = file.content();
        return file.large()
                ? new Large(
                        content.sha256(),
                        content.sha256(),
                        content.bytes(),
                        GitObjects.pointer(content).length())
                : null;
    }

    static LastCommit commit(Version version) {
        return new LastCommit(
                version.commitId(),
                version.model().toString(),
                version.createdAt().toString());
    }

    /// What stands in a folder.
    ///
    /// @param folder its path, empty for the top
    static List<TreeEntry> list(Version version, List<VersionFile> files, String folder, boolean recursive) {
        var prefix = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
        var folders = new LinkedHashSet<String>();
        var entries = new ArrayList<TreeEntry>();
        for (var file : files) {
            if (!file.path().startsWith(prefix)) {
                continue;
            }
            var slash = file.path().indexOf('/', prefix.length());
            for (var end = slash; end >= 0; end = recursive ? file.path().indexOf('/', end + 1) : -1) {
                folders.add(file.path().substring(0, end));
            }
            if (slash < 0 || recursive) {
                entries.add(file(file, null));
            }
        }
        var all = new ArrayList<TreeEntry>();
        for (var inner : folders) {
            var oid = GitObjects.blobOid((version.digest() + inner).getBytes(StandardCharsets.UTF_8));
            all.add(new TreeEntry("directory", inner, 0, oid, null, null));
        }
        all.addAll(entries);
        return all;
    }
}
