/// Keeps a read-only picture of everything that happens, and shows it to operators.
@NullMarked
package dev.gyre.registry.activity;

import org.jspecify.annotations.NullMarked;
