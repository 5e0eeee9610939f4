package dev.gyre.llm.program;

import static dev.gyre.llm.program.Kind.NOTHING;
import static dev.gyre.llm.program.Kind.REAL;
import static dev.gyre.llm.program.Kind.REALS;
import static dev.gyre.llm.program.Kind.TENSOR;
import static dev.gyre.llm.program.Kind.TENSORS;
import static dev.gyre.llm.program.Kind.TEXT;
import static dev.gyre.llm.program.Kind.WEIGHTS;
import static dev.gyre.llm.program.Kind.WHOLE;
import static dev.gyre.llm.program.Kind.WHOLES;
import static java.util.Map.entry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What Java knows of the programs: the functions that it calls, and the fillings that it can choose.
///
/// Every call is held against this table, and a test holds the table against every program.
final class Programs {

    /// A name that several programs can fill, all with these functions.
    ///
    /// @param names the slots that they can fill
    record Slot(List<String> names, List<Signature> functions, List<String> fillings) {}

    /// The functions of the entry programs, by program.
    static final Map<String, List<Signature>> ENTRIES = Map.ofEntries(
            entry(
                    "adapting",
                    List.of(
                            function(TENSORS, "merged", WEIGHTS, TEXT),
                            function(TENSORS, "principal", TENSOR, WHOLE, REAL),
                            function(TENSORS, "orthonormal", TENSOR, WHOLE, REAL),
                            function(TENSORS, "factors", TENSOR, WHOLE),
                            function(TENSOR, "difference", TENSOR, TENSOR),
                            function(TENSOR, "rows", TENSOR, WHOLES),
                            function(TENSOR, "lengths", TENSOR),
                            function(TENSOR, "copy", TENSOR),
                            function(TENSOR, "prompt", WEIGHTS),
                            function(TENSOR, "prefix", WEIGHTS))),
            entry(
                    "encoder",
                    List.of(
                            function(TENSOR, "features", WEIGHTS, WHOLES, REAL, TENSOR, TENSOR),
                            function(TENSOR, "logits", WEIGHTS, WHOLES, REAL, TENSOR, TENSOR),
                            function(TENSOR, "words", WEIGHTS, WHOLES, REAL, TENSOR, TENSOR))),
            entry("exported", List.of(function(TENSOR, "forward", TENSOR))),
            entry("exported_step", List.of(function(TENSOR, "step"))),
            entry(
                    "language",
                    List.of(
                            function(
                                    TENSOR, "score", WEIGHTS, WHOLES, REAL, TENSOR, TENSOR, TENSOR, TENSOR, WHOLE,
                                    WEIGHTS),
                            function(TENSOR, "likelihoods", WEIGHTS, WHOLES, REAL, TENSOR, TENSOR, TENSOR, WEIGHTS),
                            function(TENSOR, "logits", WEIGHTS, WHOLES, REAL, TENSOR),
                            function(TENSORS, "cache", WEIGHTS, WHOLES, WHOLE, WHOLE),
                            function(
                                    WHOLES, "write", WEIGHTS, WHOLES, REAL, WHOLES, TENSORS, WHOLE, WHOLES, REALS,
                                    REALS),
                            function(
                                    WHOLES,
                                    "write_all",
                                    WEIGHTS,
                                    WHOLES,
                                    REAL,
                                    WHOLES,
                                    WHOLES,
                                    WHOLES,
                                    TENSORS,
                                    WHOLES,
                                    REALS,
                                    REALS))),
            entry(
                    "learning",
                    List.of(
                            function(
                                    TENSORS,
                                    "gradients",
                                    WEIGHTS,
                                    WHOLES,
                                    REAL,
                                    TENSORS,
                                    TENSOR,
                                    TENSOR,
                                    TENSOR,
                                    TENSOR,
                                    WEIGHTS,
                                    REALS),
                            function(TENSOR, "see", WEIGHTS, WHOLES, REAL, TENSOR, TENSOR, TENSOR, WEIGHTS),
                            function(
                                    TENSOR, "examine", WEIGHTS, WHOLES, REAL, TENSORS, TENSOR, TENSOR, TENSOR, TENSOR,
                                    WEIGHTS, REALS),
                            function(
                                    TENSOR, "step", WEIGHTS, WHOLES, REAL, TENSORS, REALS, TENSORS, TENSORS, TENSORS,
                                    TENSOR, TENSOR, TENSOR, TENSOR, WEIGHTS, REALS, REAL, REALS, REAL, REALS),
                            function(
                                    TENSOR, "gather", WEIGHTS, WHOLES, REAL, TENSORS, TENSORS, TENSOR, TENSOR, TENSOR,
                                    TENSOR, WEIGHTS, REALS, REAL),
                            function(
                                    TENSOR, "update", TENSORS, REALS, TENSORS, TENSORS, TENSORS, TENSORS, REAL, REALS,
                                    REAL, REALS),
                            function(TENSOR, "clear", TENSORS),
                            function(TENSOR, "average", TENSORS, TENSORS, REAL),
                            function(
                                    TENSOR, "measure", WEIGHTS, WHOLES, REAL, TENSOR, TENSOR, TENSOR, TENSOR, WEIGHTS,
                                    REALS))),
            entry(
                    "numerics",
                    List.of(
                            function(TENSORS, "advantages", TENSOR, TENSOR, REAL, REAL),
                            function(TENSOR, "whitened", TENSOR, TENSOR),
                            function(TENSOR, "jensen_shannon", TENSOR, TENSOR, REAL, REAL),
                            function(TENSOR, "linear", TENSOR, TENSOR),
                            function(TENSOR, "largest", TENSOR, REAL),
                            function(TENSOR, "ties", TENSOR, TENSOR, WHOLE),
                            function(TENSOR, "dare", TENSOR, TENSOR, REAL),
                            function(TENSORS, "apart", TENSOR),
                            function(TENSOR, "spherical", TENSOR, TENSOR, REAL),
                            function(TENSOR, "objective", TENSOR, TENSOR, WEIGHTS, REALS))),
            entry(
                    "optimizing",
                    List.of(
                            function(TENSORS, "memory", TENSOR),
                            function(
                                    TENSOR, "update", TENSORS, REALS, TENSORS, TENSORS, TENSORS, TENSORS, REAL, REAL,
                                    REALS))),
            entry(
                    "tensors",
                    List.of(
                            function(TENSOR, "adopt", TENSOR, WHOLE, WHOLES, WHOLE),
                            function(TENSOR, "bytes", TENSOR, WHOLE),
                            function(TENSOR, "turned", TENSOR),
                            function(TENSORS, "narrowed", TENSOR),
                            function(TENSORS, "rope", TENSOR, WHOLE, REAL),
                            function(TENSOR, "zeros", TENSOR),
                            function(TENSOR, "fill", TENSOR, TENSOR))));

    /// The slots of the linker.
    static final List<Slot> SLOTS = List.of(
            new Slot(
                    List.of("decoder"),
                    List.of(
                            function(TENSOR, "hidden", WEIGHTS, WHOLES, REAL, TENSOR, TENSORS, WHOLE),
                            function(TENSOR, "begin", WEIGHTS, TENSOR, WHOLE),
                            function(TENSOR, "layer", WEIGHTS, WHOLES, REAL, WHOLE, TENSOR, TENSORS, TENSORS, WHOLE),
                            function(TENSOR, "end", WEIGHTS, REAL, TENSOR),
                            function(TENSOR, "logits", WEIGHTS, TENSOR)),
                    List.of("llama", "gemma", "gpt2")),
            new Slot(
                    List.of("linear"),
                    List.of(
                            function(TENSOR, "forward", WEIGHTS, TEXT, TENSOR),
                            function(TENSORS, "merged", WEIGHTS, TEXT)),
                    List.of("linear", "lora", "lora_rows", "dora", "adalora", "bottleneck", "ia3", "loha", "lokr", "narrow", "oft", "vera")),
            new Slot(
                    List.of("penalty"),
                    List.of(function(TENSOR, "forward", WEIGHTS)),
                    List.of("no_penalty", "orthogonality")),
            new Slot(
                    List.of("likelihood"),
                    List.of(function(TENSOR, "forward", WEIGHTS, WHOLES, REAL, TENSOR, TENSOR, TENSOR)),
                    List.of(
                            "likelihood",
                            "observed_likelihood",
                            "valued_likelihood",
                            "distributions",
                            "rewards",
                            "labels",
                            "masked",
                            "head")),
            new Slot(
                    List.of("backward"),
                    List.of(function(
                            TENSORS, "forward", WEIGHTS, WHOLES, REAL, TENSORS, TENSOR, TENSOR, TENSOR, TENSOR, WEIGHTS,
                            REALS)),
                    List.of("backward", "recomputing")),
            new Slot(
                    List.of("objective"),
                    List.of(function(TENSORS, "forward", TENSOR, TENSOR, WEIGHTS, REALS)),
                    List.of(
                            "supervised",
                            "dynamic_supervised",
                            "preference",
                            "odds_ratio",
                            "kahneman_tversky",
                            "bradley_terry",
                            "contrastive",
                            "binary_classifier",
                            "policy_gradient",
                            "proximal",
                            "distilled",
                            "leave_one_out")),
            new Slot(
                    List.of("first", "second", "third"),
                    List.of(function(TENSOR, "forward", WEIGHTS, REALS)),
                    List.of(
                            "pair_aot",
                            "pair_aot_unpaired",
                            "pair_apo_down",
                            "pair_apo_zero",
                            "pair_bco",
                            "pair_discopop",
                            "pair_exo",
                            "pair_hinge",
                            "pair_ipo",
                            "pair_nca",
                            "pair_robust",
                            "pair_sigmoid",
                            "pair_sigmoid_norm",
                            "pair_simpo",
                            "pair_sppo",
                            "pair_supervised")),
            new Slot(
                    List.of("surrogate"),
                    List.of(function(TENSOR, "forward", TENSOR, TENSOR, TENSOR, TENSOR, TENSOR, WHOLE, REALS)),
                    List.of("surrogate_clip", "surrogate_cispo", "surrogate_sapo", "surrogate_vespo")),
            new Slot(
                    List.of("aggregation"),
                    List.of(function(TENSOR, "forward", TENSOR, TENSOR, WHOLE, WEIGHTS, REAL)),
                    List.of("per_answer", "per_token", "per_length", "per_sum")),
            new Slot(
                    List.of("optimizer"),
                    List.of(
                            function(TENSORS, "memory", TENSOR),
                            function(
                                    NOTHING, "forward", TENSORS, REALS, TENSORS, TENSORS, TENSORS, TENSORS, REAL,
                                    REALS)),
                    List.of("adamw", "adam", "sgd", "adafactor", "lion")));

    private Programs() {}

    private static Signature function(Kind answers, String name, Kind... takes) {
        return new Signature(name, Arrays.asList(takes), answers);
    }
}
