/// Measures the whole system from outside: what it loses while its parts are killed.
@NullMarked
package dev.gyre.cli.bench;

import org.jspecify.annotations.NullMarked;
