/// A question put to people about the samples of a source.
@NullMarked
package dev.gyre.annotation.project;

import org.jspecify.annotations.NullMarked;
