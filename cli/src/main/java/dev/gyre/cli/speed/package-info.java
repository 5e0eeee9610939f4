/// How fast the numerics are: `./gyre bench train`, `generate` and `preference`, on random weights.
@NullMarked
package dev.gyre.cli.speed;

import org.jspecify.annotations.NullMarked;
