/// Walks from a model to every judgement in it, and from a judgement to every model it touched.
@NullMarked
package dev.gyre.registry.lineage;

import org.jspecify.annotations.NullMarked;
