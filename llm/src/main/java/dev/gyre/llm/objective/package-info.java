/// What a model learns from: losses as tensor programs, each with its parameters, their ranges and its source.
@NullMarked
package dev.gyre.llm.objective;

import org.jspecify.annotations.NullMarked;
