/// Models as single files that run without Gyre.
@NullMarked
package dev.gyre.llm.export;

import org.jspecify.annotations.NullMarked;
