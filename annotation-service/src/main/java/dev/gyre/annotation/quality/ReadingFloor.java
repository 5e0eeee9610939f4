package dev.gyre.annotation.quality;

/// The time below which nobody can have read a text.
record ReadingFloor(double wordsPerSecond, double bytesPerWord) {

    ReadingFloor {
        if (!(wordsPerSecond > 0) || !(bytesPerWord > 0)) {
            throw new IllegalArgumentException("words per second are %s and bytes per word %s, must be above 0"
                    .formatted(wordsPerSecond, bytesPerWord));
        }
    }

    double millis(long bytes) {
        return bytes / bytesPerWord / wordsPerSecond * 1000;
    }
}
