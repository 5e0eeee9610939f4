package dev.gyre.llm.adapter;

import java.util.List;
import java.util.Map;

/// A way to adapt a model by what stands before each text; no weight can stand for it.
sealed interface Placed extends Method permits Prefix, Prompt {

    /// Places before each text.
    int count();

    /// The network through which they learn, empty where there is none; it is left behind when they are kept.
    List<Part> network(Base base);

    @Override
    default Map<String, String> slots() {
        return Map.of();
    }

    @Override
    default boolean merges() {
        return false;
    }

    @Override
    default int places() {
        return count();
    }
}
