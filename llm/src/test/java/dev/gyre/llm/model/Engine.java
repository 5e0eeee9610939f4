package dev.gyre.llm.model;

import dev.gyre.llm.program.ProgramRunner;

/// One engine for all tests that compute with tensors; it ends with them.
public final class Engine {

    public static final ProgramRunner CPU = ProgramRunner.open("cpu");

    private Engine() {}
}
