/// Versions that were registered, and the few of them that are open.
@NullMarked
package dev.gyre.eval.model;

import org.jspecify.annotations.NullMarked;
