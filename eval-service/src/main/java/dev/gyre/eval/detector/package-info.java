/// Detectors that read a stream one value at a time and say when it has changed.
@NullMarked
package dev.gyre.eval.detector;

import org.jspecify.annotations.NullMarked;
