/// Adapters: what each adds to a model, how it begins, and the folders in which PEFT keeps it.
@NullMarked
package dev.gyre.llm.adapter;

import org.jspecify.annotations.NullMarked;
