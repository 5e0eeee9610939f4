package dev.gyre.llm.model;

import ai.djl.ndarray.NDArray;

/// An adapter's tensors on one linear layer: A (rank, in), B (out, rank) and the factor of B·A.
public record LowRank(NDArray down, NDArray up, NDArray scale) {}
