/// Files that bring rows: read as streams, admitted or refused row by row.
@NullMarked
package dev.gyre.ingest.upload;

import org.jspecify.annotations.NullMarked;
