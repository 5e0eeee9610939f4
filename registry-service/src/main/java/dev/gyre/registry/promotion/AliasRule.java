package dev.gyre.registry.promotion;

import java.util.regex.Pattern;

/// Which aliases a person may move.
final class AliasRule {

    private static final Pattern ALIAS = Pattern.compile("[a-z][a-z0-9.-]{0,62}");
    private static final Pattern NUMBER = Pattern.compile("v\\d+");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private AliasRule() {}

    static void require(String alias) {
        if (alias.equals("champion") || alias.equals("main") || alias.equalsIgnoreCase("head")) {
            throw new IllegalArgumentException(
                    "alias '%s' always is the champion, which only a verdict or a roll-back moves: POST /api/registry/models/NAME/rollback {\"to\", \"reason\"}"
                            .formatted(alias));
        }
        if (NUMBER.matcher(alias).matches() || COMMIT.matcher(alias).matches()) {
            throw new IllegalArgumentException(
                    "alias '%s' reads like a version or a commit, which never move; choose a word such as 'stable'"
                            .formatted(alias));
        }
        if (!ALIAS.matcher(alias).matches()) {
            throw new IllegalArgumentException(
                    "alias '%s' must be 1 to 63 of a-z, 0-9, '.' and '-' and begin with a letter".formatted(alias));
        }
    }
}
