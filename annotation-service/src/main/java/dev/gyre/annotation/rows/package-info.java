/// Files of rows, written and read one row at a time: JSONL, JSON, CSV and Parquet.
@NullMarked
package dev.gyre.annotation.rows;

import org.jspecify.annotations.NullMarked;
