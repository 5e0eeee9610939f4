/// The pages that people work in.
@NullMarked
package dev.gyre.annotation.page;

import org.jspecify.annotations.NullMarked;
