/// Finds settings of a recipe by trying many a little and few to the end.
@NullMarked
package dev.gyre.llm.search;

import org.jspecify.annotations.NullMarked;
