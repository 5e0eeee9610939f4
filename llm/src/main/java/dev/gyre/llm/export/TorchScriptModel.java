package dev.gyre.llm.export;

import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.ModelFolder;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.program.ProgramRunner;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A language model as one TorchScript archive, weights inside, that plain DJL and `torch.jit.load` run.
///
/// `forward(ids)` takes int64 ids (batch, time), rows padded on the right, and answers fp32 logits
/// (batch, time, vocabulary). Weights stay in the type of the folder; it computes in fp32.
public final class TorchScriptModel {

    private TorchScriptModel() {}

    /// Writes a Hugging Face folder as an archive.
    ///
    /// @throws IllegalArgumentException where the folder is not well formed, or holds an encoder
    public static void write(Path folder, Path file) {
        try (var runner = ProgramRunner.open("cpu");
                var model = Model.open(runner, folder, held(folder), ElementType.F32);
                var weights = model.bind(Map.of())) {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("w", weights);
            fields.put("shape", model.shape());
            fields.put("eps", model.config().normEpsilon());
            TorchScriptArchive.write(runner, "exported", model.slots(Map.of("linear", "linear")), fields, file);
        }
    }

    private static ElementType held(Path folder) {
        try (var opened = ModelFolder.open(folder)) {
            if (!(opened.config() instanceof DecoderConfig)) {
                throw new IllegalArgumentException(
                        "%s holds an encoder, only language models can be exported".formatted(folder));
            }
            return opened.type() == ElementType.F64 ? ElementType.F32 : opened.type();
        }
    }
}
