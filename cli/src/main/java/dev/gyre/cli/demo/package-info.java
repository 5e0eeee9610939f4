/// Turns the circle as users would: a scenario is read, the services are driven through their public APIs, and what
/// happened is counted.
@NullMarked
package dev.gyre.cli.demo;

import org.jspecify.annotations.NullMarked;
