/// How far people who judged the same thing said the same.
@NullMarked
package dev.gyre.annotation.agreement;

import org.jspecify.annotations.NullMarked;
