/// How good the judgements of a project are, and who gives good ones.
@NullMarked
package dev.gyre.annotation.quality;

import org.jspecify.annotations.NullMarked;
