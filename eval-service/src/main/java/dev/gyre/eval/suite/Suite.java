package dev.gyre.eval.suite;

import dev.gyre.events.DatasetEvent.DatasetFrozen;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The held-out part of a frozen data set: what a model is examined on.
///
/// @param frozen the data set, as it was told
/// @param tainted why some of its judgements no longer hold, missing where all do
public record Suite(DatasetFrozen frozen, @Nullable String tainted, Instant arrivedAt) {}
