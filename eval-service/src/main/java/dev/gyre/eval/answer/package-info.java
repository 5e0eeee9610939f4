/// Answers that models write, for tasks and for people who ask.
@NullMarked
package dev.gyre.eval.answer;

import org.jspecify.annotations.NullMarked;
