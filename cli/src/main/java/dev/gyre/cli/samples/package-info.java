/// The small world of the shipped scenario: what is asked at a desk, how it is answered, and how good that is.
@NullMarked
package dev.gyre.cli.samples;

import org.jspecify.annotations.NullMarked;
