/// Training runs: asked for, worked on, watched, cancelled, resumed.
@NullMarked
package dev.gyre.trainer.run;

import org.jspecify.annotations.NullMarked;
