/// Computes reference values again: what torch, transformers, peft and trl said of given files and settings.
@NullMarked
package dev.gyre.llm.verify;

import org.jspecify.annotations.NullMarked;
