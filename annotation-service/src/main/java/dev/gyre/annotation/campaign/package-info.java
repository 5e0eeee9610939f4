/// Campaigns: what a model does not know yet is put before people, and their judgements are frozen.
@NullMarked
package dev.gyre.annotation.campaign;

import org.jspecify.annotations.NullMarked;
