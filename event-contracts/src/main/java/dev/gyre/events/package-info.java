/// The facts that services tell each other: one sealed interface per topic, one record per fact.
@NullMarked
package dev.gyre.events;

import org.jspecify.annotations.NullMarked;
