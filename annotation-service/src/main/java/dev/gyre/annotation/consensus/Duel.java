package dev.gyre.annotation.consensus;

/// One comparison of two things by one annotator.
///
/// @param points of the first: 1 it is better, 0 the second is, ½ neither
public record Duel(String first, String second, String annotator, double points) {

    public Duel {
        if (first.equals(second)) {
            throw new IllegalArgumentException("%s is compared with itself, must be with another".formatted(first));
        }
        if (!(points >= 0 && points <= 1)) {
            throw new IllegalArgumentException("points of %s is %s, must be 0 to 1".formatted(first, points));
        }
    }
}
