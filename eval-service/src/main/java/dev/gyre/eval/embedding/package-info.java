/// Texts as points, near where the texts are alike.
@NullMarked
package dev.gyre.eval.embedding;

import org.jspecify.annotations.NullMarked;
