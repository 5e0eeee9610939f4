package dev.gyre.trainer.dataset;

import dev.gyre.events.DatasetEvent.DatasetFrozen;
import org.jspecify.annotations.Nullable;

/// A data set that the trainer has heard of.
///
/// @param tainted why it must not be learned from any more, null while it may
public record KnownDataset(DatasetFrozen frozen, @Nullable String tainted) {}
