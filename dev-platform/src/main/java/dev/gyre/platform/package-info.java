/// The whole platform on one machine: started, watched, looked at and stopped as one.
@NullMarked
package dev.gyre.platform;

import org.jspecify.annotations.NullMarked;
