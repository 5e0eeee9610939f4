package dev.gyre.trainer.policy;

import dev.gyre.delivery.Cause;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import org.jspecify.annotations.Nullable;

/// A data set that was frozen for a model.
///
/// @param tainted why it must not be learned from any more, null while it may
/// @param cause the story in which it was frozen
record Signal(DatasetFrozen dataset, @Nullable String tainted, Cause cause) {}
