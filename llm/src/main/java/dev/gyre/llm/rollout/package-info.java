/// Learning with generation in the loop: the model writes answers, and learns from what they are worth.
@NullMarked
package dev.gyre.llm.rollout;

import org.jspecify.annotations.NullMarked;
