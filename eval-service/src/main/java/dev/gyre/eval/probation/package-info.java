/// Compares the first ratings of a new champion with those of the version before it, and says when
/// it fell short.
@NullMarked
package dev.gyre.eval.probation;

import org.jspecify.annotations.NullMarked;
