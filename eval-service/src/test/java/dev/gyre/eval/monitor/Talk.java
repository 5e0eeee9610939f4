package dev.gyre.eval.monitor;

import java.util.List;
import java.util.SplittableRandom;

/// What people of a small world ask, drawn from a seed.
record Talk(SplittableRandom random) {

    private static final List<String> ANIMALS = List.of("cat", "dog", "cow", "hen", "fox", "owl", "bee", "pig");
    private static final List<String> PLACES = List.of("farm", "house", "garden", "forest", "road", "village");
    private static final List<String> SEA = List.of("kraken", "squid", "whale", "mermaid", "shark", "octopus");
    private static final List<String> WATERS = List.of("ocean", "reef", "harbour", "abyss", "lagoon", "tide");
    private static final List<String> DEEDS = List.of("say", "eat", "like", "fear", "see", "want");

    Talk(long seed) {
        this(new SplittableRandom(seed));
    }

    String usual() {
        return "what does the %s %s in the %s near the %s today"
                .formatted(any(ANIMALS), any(DEEDS), any(PLACES), any(PLACES));
    }

    String drifted() {
        return "how deep may a %s dive beneath the %s when its %s must %s"
                .formatted(any(SEA), any(WATERS), any(SEA), any(DEEDS));
    }

    String answer() {
        return "it will %s the %s and then %s the %s".formatted(any(DEEDS), any(ANIMALS), any(DEEDS), any(ANIMALS));
    }

    private String any(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }
}
