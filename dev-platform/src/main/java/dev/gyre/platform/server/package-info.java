/// The four third-party servers, each started from the jars that the build brought.
@NullMarked
package dev.gyre.platform.server;

import org.jspecify.annotations.NullMarked;
