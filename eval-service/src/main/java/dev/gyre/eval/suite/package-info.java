/// Held-out parts of frozen data sets, on which models are examined.
@NullMarked
package dev.gyre.eval.suite;

import org.jspecify.annotations.NullMarked;
