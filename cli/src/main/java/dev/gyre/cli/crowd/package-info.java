/// Many annotators at once, as their pages work, and what the services make of it.
@NullMarked
package dev.gyre.cli.crowd;

import org.jspecify.annotations.NullMarked;
