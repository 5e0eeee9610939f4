/// Shows models and versions with all that is known of them.
@NullMarked
package dev.gyre.registry.catalogue;

import org.jspecify.annotations.NullMarked;
