/// Tensor programs: TorchScript resources, linked by Java, run on DJL's PyTorch engine.
@NullMarked
package dev.gyre.llm.program;

import org.jspecify.annotations.NullMarked;
