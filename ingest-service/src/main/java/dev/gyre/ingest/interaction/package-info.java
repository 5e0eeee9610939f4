/// Production traffic and what people thought of it.
@NullMarked
package dev.gyre.ingest.interaction;

import org.jspecify.annotations.NullMarked;
