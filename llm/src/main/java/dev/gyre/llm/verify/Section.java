package dev.gyre.llm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// The part of an index whose values one computation gives again.
///
/// @param key the keys of the index that this part stands under
record Section(Pattern key, Check check) {

    static Section of(String key, Check check) {
        return new Section(Pattern.compile(key), check);
    }

    /// Computes every value of a part again.
    interface Check {
        /// @param folder that the index lies in, with the checkpoints it names
        /// @param index the whole file
        /// @param key of the part
        void verify(Path folder, JsonNode index, String key, Findings findings);
    }
}
