/// What a demo does, read from a file.
@NullMarked
package dev.gyre.cli.scenario;

import org.jspecify.annotations.NullMarked;
