package dev.gyre.eval.probation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one look at the ratings of a new champion came to.
///
/// @param number 1 for the first
/// @param ratings ratings that the champion had
/// @param champion those of slices on which its predecessor was rated too
/// @param predecessor the predecessor's of the same slices
/// @param leftOut slices on which only one of the two was rated
/// @param excess by how much the share of bad ratings is higher; missing where they cannot be
/// compared
/// @param alpha what the p-value has to stay under
/// @param reason one sentence with figures
record Look(
        int number,
        int ratings,
        Share champion,
        Share predecessor,
        List<String> leftOut,
        @Nullable Double excess,
        @Nullable Double pValue,
        double alpha,
        Finding finding,
        String reason) {

    enum Finding {
        NOT_WORSE,
        WORSE,
        NOT_COMPARABLE
    }

    Look {
        leftOut = List.copyOf(leftOut);
    }
}
