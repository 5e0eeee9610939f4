/// Facts leave with the transaction that made them, arrive once, and can be replayed.
@NullMarked
package dev.gyre.delivery;

import org.jspecify.annotations.NullMarked;
