/// How to learn, read from words: the loss, the weights that move, and the regime.
@NullMarked
package dev.gyre.llm.recipe;

import org.jspecify.annotations.NullMarked;
