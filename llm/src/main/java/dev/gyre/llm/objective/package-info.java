/// What a model learns from: losses as tensor programs, with their parameters and sources.
@NullMarked
package dev.gyre.llm.objective;

import org.jspecify.annotations.NullMarked;
