/// Samples become tasks, and tasks are lent to people.
@NullMarked
package dev.gyre.annotation.task;

import org.jspecify.annotations.NullMarked;
