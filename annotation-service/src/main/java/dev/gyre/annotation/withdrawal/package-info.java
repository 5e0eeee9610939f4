/// Everything that one annotator said, taken back at once.
@NullMarked
package dev.gyre.annotation.withdrawal;

import org.jspecify.annotations.NullMarked;
