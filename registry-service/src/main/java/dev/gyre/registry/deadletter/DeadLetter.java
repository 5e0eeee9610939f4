package dev.gyre.registry.deadletter;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A record that a consumer could not handle.
///
/// @param origin topic, partition and offset
/// @param redrivenAt when it was last sent to its consumer again
record DeadLetter(
        long id,
        String topic,
        String key,
        String consumer,
        String origin,
        String reason,
        Instant diedAt,
        @Nullable Instant redrivenAt,
        @Nullable String redrivenBy) {

    private static final Pattern PARTICULARS =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{32,}|\\d+(\\.\\d+)?");
    private static final int LONGEST_KIND = 300;

    /// Letters of one topic that died at one consumer for the same kind of reason and wait.
    record Group(
            String topic,
            String consumer,
            String kind,
            int waiting,
            Instant first,
            Instant last,
            List<DeadLetter> letters) {

        Group {
            letters = List.copyOf(letters);
        }
    }

    /// The reason without its ids and numbers, so that letters with one cause are found together.
    static String kind(String reason) {
        var general = PARTICULARS.matcher(reason).replaceAll("…");
        return general.substring(0, Math.min(general.length(), LONGEST_KIND));
    }
}
