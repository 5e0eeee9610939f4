package dev.gyre.llm.program;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceTest {

    private static final String HEAD = """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              _is_full_backward_hook : Optional[bool]
            """;

    @Test
    void aShapeThatDoesNotFitIsToldByFileAndLineDownToTheEntry() {
        try (var runner = ProgramRunner.open("cpu");
                var scope = runner.newScope();
                var weights = runner.bind(Map.of(
                        "compute", runner.floats(scope, new float[1], 1),
                        "transformer.wte.weight", runner.floats(scope, new float[6], 2, 3),
                        "transformer.wpe.weight", runner.floats(scope, new float[20], 5, 4)))) {
            var program = runner.load("language", Map.of("decoder", "gpt2"));
            var ids = runner.integers(scope, new long[] {0, 1}, 1, 2);
            var line = line("gpt2", "transformer.wpe.weight");

            assertThatThrownBy(
                            () -> runner.tensor(scope, program, "logits", weights, new long[] {1, 1, 1, 3}, 1e-5, ids))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "tensor program language.logits: gpt2.torchscript:%d: The size of tensor a (3) must match"
                                            .formatted(line)
                                    + " the size of tensor b (4) at non-singleton dimension 2, called from ")
                    .hasMessageEndingWith("called from language.torchscript:"
                            + line("language", "return __torch__.decoder.logits(w, __torch__.decoder.hidden"));
        }
    }

    @Test
    void aFailureTwoFilesDeepNamesEachFile() {
        try (var runner = ProgramRunner.open("cpu");
                var scope = runner.newScope();
                var weights = runner.bind(Map.of("compute", runner.floats(scope, new float[1], 1)))) {
            var program = runner.load("language", Map.of());
            var ids = runner.integers(scope, new long[] {0, 1}, 1, 2);

            assertThatThrownBy(
                            () -> runner.tensor(scope, program, "logits", weights, new long[] {1, 1, 1, 3}, 1e-5, ids))
                    .hasMessageMatching("tensor program language.logits: embedding.torchscript:\\d+: KeyError:"
                            + " model.embed_tokens.weight, called from llama.torchscript:\\d+, .*called from"
                            + " language.torchscript:\\d+");
        }
    }

    @Test
    void aProgramThatDoesNotCompileIsToldByFileAndLine() {
        var text = HEAD + "  def f(self: __torch__.M, x: Tensor) -> Tensor:\n    return torch.nonsense(x)\n";
        try (var runner = ProgramRunner.open("cpu")) {
            assertThatThrownBy(() -> runner.loadText("broken", text, Map.of()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "tensor program broken does not load: broken.torchscript:7: Unknown builtin op: aten::nonsense.");
        }
    }

    @Test
    void aTextThatIsNoProgramIsToldByFileAndLine() {
        var text = HEAD + "  def f(self: __torch__.M, x: Tensor) -> Tensor:\n    y = (x\n    return y\n";
        try (var runner = ProgramRunner.open("cpu")) {
            assertThatThrownBy(() -> runner.loadText("broken", text, Map.of()))
                    .hasMessage(
                            "tensor program broken does not load: broken.torchscript:8: expected ) but found 'return'");
        }
    }

    @Test
    void aFillingThatLacksAFunctionIsToldWithItsCaller() {
        var text = HEAD
                + "  def f(self: __torch__.M, w: Dict[str, Tensor], x: Tensor) -> Tensor:\n"
                + "    return __torch__.attention.forward(x)\n";
        try (var runner = ProgramRunner.open("cpu")) {
            assertThatThrownBy(() -> runner.loadText("broken", text, Map.of()))
                    .hasMessageContaining("does not load: broken.torchscript:7: ");
            assertThatThrownBy(() -> runner.load("language", Map.of("decoder", "pair_hinge")))
                    .hasMessageContaining("does not load: ")
                    .hasMessageContaining("language.torchscript:");
        }
    }

    @Test
    void aCallThatDoesNotFitIsRefusedBeforeTheEngineSeesIt() {
        try (var runner = ProgramRunner.open("cpu");
                var scope = runner.newScope()) {
            var program = runner.load("numerics", Map.of());
            var tensor = runner.floats(scope, new float[2], 2);

            assertThatThrownBy(() -> runner.tensor(scope, program, "spherical", tensor, tensor))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "numerics.torchscript: spherical(Tensor, Tensor, float) -> Tensor is called with");
            assertThatThrownBy(() -> runner.tensor(scope, program, "spheric", tensor))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("numerics.torchscript has no function spheric");
            assertThatThrownBy(() -> runner.load("numerics", Map.of("decodr", "llama")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("there is no slot decodr, must be one of");
        }
    }

    private static int line(String program, String text) {
        var lines = ProgramLinker.source(program).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(text)) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("%s has no line with %s".formatted(program, text));
    }
}
