/// Programs that are started, logged, watched and never outlive the one who started them.
@NullMarked
package dev.gyre.platform.process;

import org.jspecify.annotations.NullMarked;
