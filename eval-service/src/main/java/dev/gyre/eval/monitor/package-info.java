/// Watches the production stream of every model and says, with reasons, when the world has moved.
@NullMarked
package dev.gyre.eval.monitor;

import org.jspecify.annotations.NullMarked;
