package dev.gyre.ingest.upload;

import dev.gyre.ingest.source.Mapping;
import java.util.List;

/// The columns that a file says it has, where it says so once for all rows.
final class Columns {

    private static final int SHOWN = 20;

    private Columns() {}

    /// @throws WrongFile if one that the mapping names is not there
    static void require(String file, List<String> columns, Mapping mapping) {
        var missing = mapping.columns().stream()
                .filter(column -> !columns.contains(column))
                .toList();
        if (!missing.isEmpty()) {
            var shown = columns.stream()
                    .limit(SHOWN)
                    .map(column -> column.length() > 40 ? column.substring(0, 40) + "…" : column)
                    .toList();
            throw new WrongFile(
                    file,
                    "lacks the columns %s; it has %s%s"
                            .formatted(missing, shown, columns.size() > SHOWN ? " and more" : ""),
                    "add them, or make a source with another mapping");
        }
    }
}
