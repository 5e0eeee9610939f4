/// What people together say, where they do not all say the same, and how much each of them is to be believed.
@NullMarked
package dev.gyre.annotation.consensus;

import org.jspecify.annotations.NullMarked;
