/// What consumers could not handle, and how it is sent to them again.
@NullMarked
package dev.gyre.registry.deadletter;

import org.jspecify.annotations.NullMarked;
