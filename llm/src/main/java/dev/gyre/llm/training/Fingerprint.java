package dev.gyre.llm.training;

import static java.io.OutputStream.nullOutputStream;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// SHA-256 of all that decides a training's result.
public final class Fingerprint {

    private final MessageDigest digest;

    /// @param identity what decides the result, as words
    public Fingerprint(Map<String, String> identity) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        identity.forEach((key, value) -> add(key + "=" + value));
    }

    /// Adds a word.
    public void add(String word) {
        digest.update((word + "\n").getBytes(UTF_8));
    }

    /// Adds the bytes of a file.
    public void add(Path file) {
        try (var out = new DigestOutputStream(nullOutputStream(), digest)) {
            Files.copy(file, out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s".formatted(file), e);
        }
    }

    /// Adds the configuration, weights and tokenizer of a model.
    public void addModel(Path folder) {
        try (var children = Files.list(folder)) {
            children.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*(config\\.json|\\.safetensors|tokenizer\\.json)"))
                    .sorted()
                    .forEach(this::add);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s".formatted(folder), e);
        }
    }

    /// The digest in hexadecimal digits.
    public String finish() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
