package dev.gyre.registry.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;

/// Which files a model may consist of: nothing that runs when it is opened.
final class FilePolicy {

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");
    private static final Set<String> ALLOWED = Set.of("safetensors", "json", "txt", "md", "model", "jinja");
    private static final Set<String> TEXTS = Set.of("txt", "md", "jinja");
    private static final Set<String> PICKLES =
            Set.of("bin", "pt", "pth", "pkl", "pickle", "ckpt", "joblib", "npy", "npz");
    private static final Set<String> PROGRAMS = Set.of("py", "pyc", "so", "dll", "sh", "exe", "jar", "class");
    private static final long LARGEST_TEXT = 256L << 20;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private FilePolicy() {}

    /// Admits the name of a file.
    static String admit(String path) {
        if (!PATH.matcher(path).matches() || path.length() > 256) {
            throw new IllegalArgumentException(
                    "file '%s' must be a relative path of letters, digits, '.', '_' and '-'".formatted(path));
        }
        var kind = extension(path);
        if (PICKLES.contains(kind)) {
            throw new IllegalArgumentException(
                    "file '%s' may hold a pickle, which runs code when it is opened; convert the weights to safetensors"
                            .formatted(path));
        }
        if (PROGRAMS.contains(kind)) {
            throw new IllegalArgumentException(
                    "file '%s' is a program; models with code of their own are not taken, leave it out"
                            .formatted(path));
        }
        if (!ALLOWED.contains(kind) && !isNotice(path)) {
            throw new IllegalArgumentException(
                    "file '%s' is of no known kind; a model consists of .safetensors, .json, .txt, .md, .model and .jinja files"
                            .formatted(path));
        }
        return path;
    }

    /// Checks that the bytes are what the name says.
    static void inspect(String path, Path file) throws IOException {
        var kind = extension(path);
        if (kind.equals("safetensors")) {
            SafetensorsHeader.check(path, file);
            return;
        }
        refusePickle(path, file);
        if (kind.equals("json")) {
            var content = json(path, file);
            if (path.equals("config.json") && !content.isObject()) {
                throw new IllegalArgumentException("config.json must be a JSON object, as Hugging Face writes it");
            }
        } else if (TEXTS.contains(kind) || isNotice(path)) {
            text(path, file);
        }
    }

    private static void refusePickle(String path, Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var head = in.readNBytes(4);
            var isPickle = head.length >= 2 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5;
            var isArchive = head.length == 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
            if (isPickle || isArchive) {
                throw new IllegalArgumentException(
                        "file '%s' holds a %s whatever its name says; convert the weights to safetensors"
                                .formatted(path, isPickle ? "pickle" : "zip archive"));
            }
        }
    }

    private static JsonNode json(String path, Path file) throws IOException {
        limit(path, file);
        try {
            var content = JSON.readTree(file.toFile());
            if (content.isMissingNode()) {
                throw new IllegalArgumentException("file '%s' is empty, must be JSON".formatted(path));
            }
            return content;
        } catch (JsonProcessingException broken) {
            var where = broken.getLocation();
            throw new IllegalArgumentException(
                    "file '%s' is not JSON: %s at line %d, column %d"
                            .formatted(
                                    path,
                                    broken.getOriginalMessage(),
                                    where == null ? 0 : where.getLineNr(),
                                    where == null ? 0 : where.getColumnNr()),
                    broken);
        }
    }

    private static void text(String path, Path file) throws IOException {
        limit(path, file);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file)));
        } catch (CharacterCodingException broken) {
            throw new IllegalArgumentException("file '%s' is not UTF-8 text".formatted(path), broken);
        }
    }

    private static void limit(String path, Path file) throws IOException {
        if (Files.size(file) > LARGEST_TEXT) {
            throw new IllegalArgumentException(
                    "file '%s' has %d bytes, at most %d for its kind".formatted(path, Files.size(file), LARGEST_TEXT));
        }
    }

    private static boolean isNotice(String path) {
        return path.equals("LICENSE") || path.equals("NOTICE");
    }

    private static String extension(String path) {
        var name = path.substring(path.lastIndexOf('/') + 1);
        var dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }
}
