/// What people said, in the formats that others read.
@NullMarked
package dev.gyre.annotation.export;

import org.jspecify.annotations.NullMarked;
