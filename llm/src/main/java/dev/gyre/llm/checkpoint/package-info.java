/// Models and adapters as files: safetensors, Hugging Face folders, PEFT folders.
@NullMarked
package dev.gyre.llm.checkpoint;

import org.jspecify.annotations.NullMarked;
