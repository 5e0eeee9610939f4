/// Bytes too large for an event, kept in an S3 store and addressed by their SHA-256.
@NullMarked
package dev.gyre.artifacts;

import org.jspecify.annotations.NullMarked;
