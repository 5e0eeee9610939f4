package dev.gyre.cli.client;

import dev.gyre.cli.client.Services.Call;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// Pulls a model as a downstream app does, through the protocol of the Hugging Face Hub, and digests what arrives.
public final class HubPull {

    private final Services services;
    private final String account;

    public HubPull(Services services, String account) {
        this.services = services;
        this.account = account;
    }

    /// @param repository such as `demo/assistant`
    /// @param revision a version, an alias or a commit
    /// @return SHA-256 of every file as it arrived, by its path
    public Map<String, String> pull(String repository, String revision, Path into) {
        var info = services.get(
                new Call(account, "registry", "/api/models/%s/revision/%s".formatted(repository, revision)));
        var commit = info.path("sha").asText();
        var digests = new TreeMap<String, String>();
        for (var sibling : info.path("siblings")) {
            var path = sibling.path("rfilename").asText();
            var file = into.resolve(path).normalize();
            if (!file.startsWith(into)) {
                throw new IllegalArgumentException("the registry names a file outside of its model: " + path);
            }
            try {
                Files.createDirectories(file.getParent());
            } catch (IOException full) {
                throw new UncheckedIOException(full);
            }
            services.download(
                    new Call(account, "registry", "/%s/resolve/%s/%s".formatted(repository, commit, path)), file);
            digests.put(path, sha256(file));
        }
        return digests;
    }

    public static String sha256(Path file) {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
