/// Which texts to have labelled next, and what that brings on data whose labels are known.
@NullMarked
package dev.gyre.cli.active;

import org.jspecify.annotations.NullMarked;
