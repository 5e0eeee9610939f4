/// Samples become judgements and frozen data sets: the service as its callers see it.
@NullMarked
package dev.gyre.annotation;

import org.jspecify.annotations.NullMarked;
