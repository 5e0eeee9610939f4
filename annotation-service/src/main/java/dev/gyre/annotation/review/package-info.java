/// What reviewers look at and decide.
@NullMarked
package dev.gyre.annotation.review;

import org.jspecify.annotations.NullMarked;
