/// Recorded work and the threads that take it up: polling, leases, back-off.
@NullMarked
package dev.gyre.eval.work;

import org.jspecify.annotations.NullMarked;
