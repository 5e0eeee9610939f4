package dev.gyre.llm.program;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.Map;

/// Tensors by name, bound once as the dictionary that programs take; closing frees the binding, not the
/// tensors.
public final class Weights implements AutoCloseable {

    private final Map<String, NDArray> tensors;
    private final IValue bound;

    Weights(Map<String, NDArray> tensors, IValue bound) {
        this.tensors = Map.copyOf(tensors);
        this.bound = bound;
    }

    public Map<String, NDArray> tensors() {
        return tensors;
    }

    IValue bound() {
        return bound;
    }

    @Override
    public void close() {
        bound.close();
    }
}
