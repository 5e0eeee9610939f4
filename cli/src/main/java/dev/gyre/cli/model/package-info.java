/// Brings models of others into the layout that Gyre registers.
@NullMarked
package dev.gyre.cli.model;

import org.jspecify.annotations.NullMarked;
