/// The single-file format of llama.cpp, in and out.
@NullMarked
package dev.gyre.llm.gguf;

import org.jspecify.annotations.NullMarked;
