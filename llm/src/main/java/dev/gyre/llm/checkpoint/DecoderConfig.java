package dev.gyre.llm.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The shape of a model that writes: one token after the other, each from those before it.
public sealed interface DecoderConfig extends Architecture permits LlamaConfig, GemmaConfig, Gpt2Config {

    /// The tensor program that fills the slot `decoder`.
    String program();

    /// Numbers that stand for a token between layers.
    int width();

    /// Numbers within the feed-forward part of a layer.
    int feedForward();

    int layers();

    int heads();

    /// Heads of keys and values, shared by `heads / groups` query heads each.
    int groups();

    int headWidth();

    /// Whether the classifier is the embedding.
    boolean tied();

    /// Of each layer how many tokens a token sees, itself included; 0 is all.
    List<Integer> windows();

    /// Of each layer which of [#ropes()] turns its queries and keys, from 1; 0 is none.
    List<Integer> rotations();

    /// How positions turn queries and keys; empty where positions are learned.
    List<RopeScaling> ropes();

    /// Numbers that the program takes as tensors: `embedding.scale`, `query.scale`, `attention.cap`, `logits.cap`.
    default Map<String, Double> scalars() {
        return Map.of();
    }

    /// The tensor that turns ids into vectors.
    default String embedding() {
        return "model.embed_tokens.weight";
    }

    @Override
    default long[] shape() {
        var shape = new ArrayList<Integer>(List.of(layers(), heads(), groups(), headWidth()));
        shape.addAll(windows());
        shape.addAll(rotations());
        return shape.stream().mapToLong(Integer::longValue).toArray();
    }
}
