package dev.gyre.llm.program;

import ai.djl.pytorch.engine.PtSymbolBlock;

/// A linked tensor program loaded into the engine; freed with the runner that loaded it.
public final class Program {

    private final String name;
    private final PtSymbolBlock block;

    Program(String name, PtSymbolBlock block) {
        this.name = name;
        this.block = block;
    }

    PtSymbolBlock block() {
        return block;
    }

    @Override
    public String toString() {
        return name;
    }
}
