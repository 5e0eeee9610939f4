/// Brings models of others into the layout that Gyre registers, and writes models for others.
@NullMarked
package dev.gyre.cli.model;

import org.jspecify.annotations.NullMarked;
