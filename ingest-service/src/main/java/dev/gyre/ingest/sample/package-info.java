/// Rows that became samples, and the rule that decides it.
@NullMarked
package dev.gyre.ingest.sample;

import org.jspecify.annotations.NullMarked;
