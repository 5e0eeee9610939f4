package dev.gyre.llm.objective;

/// Which divergence from the frozen model a preference is bound by.
/// [Paper](https://arxiv.org/abs/2309.16240), table 1.
public enum Divergence {
    REVERSE_KL,
    FORWARD_KL,
    JS_DIVERGENCE,
    ALPHA_DIVERGENCE
}
