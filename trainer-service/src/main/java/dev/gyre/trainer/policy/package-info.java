/// Decides when a model is trained again, on what, and says why.
@NullMarked
package dev.gyre.trainer.policy;

import org.jspecify.annotations.NullMarked;
