/// Many tasks at once, looked at before and taken back after.
@NullMarked
package dev.gyre.annotation.bulk;

import org.jspecify.annotations.NullMarked;
