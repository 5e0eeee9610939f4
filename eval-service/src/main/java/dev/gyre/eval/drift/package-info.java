/// Windows of traffic against a reference: tests, and when they add up to an alarm.
@NullMarked
package dev.gyre.eval.drift;

import org.jspecify.annotations.NullMarked;
