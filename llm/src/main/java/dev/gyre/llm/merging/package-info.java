/// What several models have learned, made into one.
@NullMarked
package dev.gyre.llm.merging;

import org.jspecify.annotations.NullMarked;
