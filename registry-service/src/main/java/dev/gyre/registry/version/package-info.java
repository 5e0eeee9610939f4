/// Versions of models: what a finished run or an import becomes, and where it is in its life.
@NullMarked
package dev.gyre.registry.version;

import org.jspecify.annotations.NullMarked;
