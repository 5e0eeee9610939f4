/// How weights move: optimizers as tensor programs, and the learning rate of each step.
@NullMarked
package dev.gyre.llm.optimization;

import org.jspecify.annotations.NullMarked;
