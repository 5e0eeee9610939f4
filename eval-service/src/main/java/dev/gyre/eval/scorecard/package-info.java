/// Examinations of registered versions, from the fact that asks for one to the verdict.
@NullMarked
package dev.gyre.eval.scorecard;

import org.jspecify.annotations.NullMarked;
