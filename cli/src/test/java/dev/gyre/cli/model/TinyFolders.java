package dev.gyre.cli.model;

import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.FirstWeights;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.LlamaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Hugging Face folders of some thousand weights.
final class TinyFolders {

    private TinyFolders() {}

    /// A language model that knows five letters.
    static Path llama(Path folder) throws IOException {
        Files.createDirectories(folder);
        var shape = LlamaConfig.of(8, 32, 64, 2, 4, 2, 16);
        JsonFile.write(folder.resolve("config.json"), shape.json(ElementType.F32));
        FirstWeights.write(folder.resolve("model.safetensors"), shape, 5);
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version":"1.0","added_tokens":[{"id":0,"content":"<end>","single_word":false,"lstrip":false,
                 "rstrip":false,"normalized":false,"special":true}],
                 "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
                 "decoder":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
                 "model":{"type":"BPE","vocab":{"<end>":0,"a":1,"b":2,"c":3,"d":4,"e":5,"ab":6},"merges":["a b"]}}
                """);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\":\"<end>\"}");
        return folder;
    }
}
