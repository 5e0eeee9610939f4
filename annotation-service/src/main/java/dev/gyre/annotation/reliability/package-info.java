/// Who says the opposite of what the others say.
@NullMarked
package dev.gyre.annotation.reliability;

import org.jspecify.annotations.NullMarked;
