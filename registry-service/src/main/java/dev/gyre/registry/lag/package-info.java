/// How far each consumer is behind on each topic.
@NullMarked
package dev.gyre.registry.lag;

import org.jspecify.annotations.NullMarked;
