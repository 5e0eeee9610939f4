/// The data sets that runs can learn from, as annotation froze them.
@NullMarked
package dev.gyre.trainer.dataset;

import org.jspecify.annotations.NullMarked;
