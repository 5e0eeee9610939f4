/// Workers that learn together, each on its own share of every step.
@NullMarked
package dev.gyre.llm.parallel;

import org.jspecify.annotations.NullMarked;
