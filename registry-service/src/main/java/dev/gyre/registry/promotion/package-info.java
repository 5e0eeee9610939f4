/// Applies verdicts: which version is champion, which are rejected, and how one goes back.
@NullMarked
package dev.gyre.registry.promotion;

import org.jspecify.annotations.NullMarked;
