/// Tasks that are lent only to see how somebody judges: what is known already, and what the same person said before.
@NullMarked
package dev.gyre.annotation.probe;

import org.jspecify.annotations.NullMarked;
