package dev.gyre.eval.monitor;

import dev.gyre.events.DriftEvent.DriftDetected;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An alarm that was told.
///
/// @param number the window that raised it
/// @param clearedNumber the window that ended it
/// @param cleared why it is over; missing while it is open
record StoredAlarm(
        String id,
        int era,
        int number,
        DriftDetected detected,
        Instant openedAt,
        @Nullable Instant clearedAt,
        @Nullable Integer clearedNumber,
        @Nullable String cleared) {}
