/// Real servers for tests, as Quarkus test resources.
@NullMarked
package dev.gyre.platform.testing;

import org.jspecify.annotations.NullMarked;
