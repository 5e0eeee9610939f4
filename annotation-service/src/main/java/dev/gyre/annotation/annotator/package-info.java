/// Pseudonyms: who judged, without saying who that is.
@NullMarked
package dev.gyre.annotation.annotator;

import org.jspecify.annotations.NullMarked;
