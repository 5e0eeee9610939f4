/// Whether a candidate may become champion, and the sentences that say why.
@NullMarked
package dev.gyre.eval.gate;

import org.jspecify.annotations.NullMarked;
