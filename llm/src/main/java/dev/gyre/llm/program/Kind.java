package dev.gyre.llm.program;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;

/// A type that a program's function takes or answers.
enum Kind {
    WEIGHTS("Dict[str, Tensor]"),
    TENSOR("Tensor"),
    TENSORS("List[Tensor]"),
    WHOLE("int"),
    WHOLES("List[int]"),
    REAL("float"),
    REALS("List[float]"),
    TEXT("str"),
    CONDITION("bool"),
    NOTHING("None");

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    /// The kind that TorchScript writes so.
    static Kind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("a program's function takes or answers %s, must be one of %s"
                                .formatted(word, Arrays.toString(values()))));
    }

    /// Whether a Java value is of this kind; Java passes no conditions.
    boolean holds(Object value) {
        return switch (this) {
            case WEIGHTS -> value instanceof Weights;
            case TENSOR -> value instanceof NDArray;
            case TENSORS -> value instanceof List<?> tensors && tensors.stream().allMatch(NDArray.class::isInstance);
            case WHOLE -> value instanceof Long;
            case WHOLES -> value instanceof long[];
            case REAL -> value instanceof Double;
            case REALS -> value instanceof double[];
            case TEXT -> value instanceof String;
            case CONDITION, NOTHING -> false;
        };
    }

    /// As TorchScript writes it.
    @Override
    public String toString() {
        return word;
    }
}
