/// Between text and token ids.
@NullMarked
package dev.gyre.llm.text;

import org.jspecify.annotations.NullMarked;
