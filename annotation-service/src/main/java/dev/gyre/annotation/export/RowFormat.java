package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.rows.Column;
import java.util.List;

/// What rows a judged task gives in a format.
interface RowFormat {

    /// Those that CSV and Parquet have, in their order; none where rows do not fit into columns.
    List<Column> columns();

    List<ObjectNode> rows(Dossier dossier);
}
