/// The loop that turns a base model and rows into a new model.
@NullMarked
package dev.gyre.llm.training;

import org.jspecify.annotations.NullMarked;
