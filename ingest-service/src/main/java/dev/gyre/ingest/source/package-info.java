/// Where raw text comes from, and what the columns of its rows mean.
@NullMarked
package dev.gyre.ingest.source;

import org.jspecify.annotations.NullMarked;
