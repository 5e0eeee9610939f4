/// Judgements frozen into ordered rows that a model can learn from.
@NullMarked
package dev.gyre.annotation.dataset;

import org.jspecify.annotations.NullMarked;
