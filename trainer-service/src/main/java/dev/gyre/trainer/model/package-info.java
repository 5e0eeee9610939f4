/// The model versions that runs can start from, and which of them is champion.
@NullMarked
package dev.gyre.trainer.model;

import org.jspecify.annotations.NullMarked;
