/// Hands models out through the download protocol of the Hugging Face Hub.
@NullMarked
package dev.gyre.registry.hub;

import org.jspecify.annotations.NullMarked;
