/// Finding tasks: by words, state, answers and likeness.
@NullMarked
package dev.gyre.annotation.search;

import org.jspecify.annotations.NullMarked;
