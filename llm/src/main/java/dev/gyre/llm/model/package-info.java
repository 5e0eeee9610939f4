/// A causal language model that scores and writes text.
@NullMarked
package dev.gyre.llm.model;

import org.jspecify.annotations.NullMarked;
