/// Projects to begin from.
@NullMarked
package dev.gyre.annotation.template;

import org.jspecify.annotations.NullMarked;
