package dev.gyre.llm.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// What a checkpoint's `config.json` says beside its shape.
final class Configs {

    private Configs() {}

    /// The id that fills rows up; 0 where the folder names none.
    static int pad(Path folder) {
        var file = folder.resolve("config.json");
        try {
            return new ObjectMapper()
                    .readTree(file.toFile())
                    .path("pad_token_id")
                    .asInt(0);
        } catch (IOException broken) {
            throw new UncheckedIOException("%s cannot be read as JSON".formatted(file), broken);
        }
    }
}
