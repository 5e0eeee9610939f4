/// Tasks and judgements from files of others: looked at first, then taken in, once.
@NullMarked
package dev.gyre.annotation.exchange;

import org.jspecify.annotations.NullMarked;
