/// What only the whole can show: the architecture, the documents, and the system as its users meet it.
@NullMarked
package dev.gyre.pipeline;

import org.jspecify.annotations.NullMarked;
