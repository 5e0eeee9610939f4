package dev.gyre.llm.program;

import ai.djl.pytorch.engine.PtSymbolBlock;

/// A linked tensor program loaded into the engine; freed with the runner that loaded it.
public final class Program {

    private final ProgramLinker.Linked linked;
    private final PtSymbolBlock block;

    Program(ProgramLinker.Linked linked, PtSymbolBlock block) {
        this.linked = linked;
        this.block = block;
    }

    PtSymbolBlock block() {
        return block;
    }

    /// Refuses a call that the program does not have.
    void check(String function, Object[] arguments) {
        var signature = linked.functions().get(function);
        if (signature == null) {
            throw new IllegalArgumentException("%s.torchscript has no function %s that Java calls, must be one of %s"
                    .formatted(
                            this,
                            function,
                            linked.functions().keySet().stream().sorted().toList()));
        }
        signature.check(toString(), arguments);
    }

    /// An engine's message in terms of the program's files.
    String told(String message) {
        return Trace.told(message, linked.origins());
    }

    @Override
    public String toString() {
        return linked.name();
    }
}
