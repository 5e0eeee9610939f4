/// What rows say about two models: metrics, paired differences, intervals.
@NullMarked
package dev.gyre.eval.measure;

import org.jspecify.annotations.NullMarked;
