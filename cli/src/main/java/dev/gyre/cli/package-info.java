/// The commands of `./gyre`, one class each.
@NullMarked
package dev.gyre.cli;

import org.jspecify.annotations.NullMarked;
