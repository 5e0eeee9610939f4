package dev.gyre.annotation.exchange;

import dev.gyre.annotation.exchange.Report.Counting;
import dev.gyre.annotation.exchange.Report.Understood;
import dev.gyre.annotation.export.Format;
import dev.gyre.annotation.project.Projects;
import dev.gyre.annotation.rows.BrokenFile;
import dev.gyre.annotation.rows.RowReader;
import dev.gyre.annotation.rows.RowReader.Readable;
import dev.gyre.annotation.rows.RowReader.Unreadable;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Imports over HTTP; the body goes to a file first, and a few of its rows at a time into memory.
@Path("/api/projects/{id}/imports")
class ImportResource {

    private static final int BATCH = 64;
    private static final int MOST_ROWS = 1_000_000;

    private final ImportStore imports;
    private final Projects projects;
    private final Caller caller;

    ImportResource(ImportStore imports, Projects projects, Caller caller) {
        this.imports = imports;
        this.projects = projects;
        this.caller = caller;
    }

    /// Takes tasks into a project, or with `preview` says what would become of the file. The same file again adds nothing.
    ///
    /// @param judgements whether what people said comes in too
    /// @param annotator who said so, where the file does not say it
    /// @param kind of judge, where the file does not say it
    /// @param file `jsonl`, `json`, `csv` or `parquet`, where it is another than the format's own
    @POST
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Roles.MANAGER)
    public Report take(
            String id,
            @QueryParam("format") @Nullable String format,
            @QueryParam("preview") boolean preview,
            @QueryParam("judgements") boolean judgements,
            @QueryParam("annotator") @Nullable String annotator,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("file") @Nullable String file,
            InputStream body)
            throws IOException {
        var wanted = Format.of(format);
        var order = new Order(
                projects.require(caller.workspace(), id),
                wanted,
                wanted.file(file),
                judgements,
                Objects.requireNonNullElse(annotator, "somebody"),
                kind);
        var spool = Files.createTempFile("gyre-import", ".part");
        try {
            Files.copy(body, spool, StandardCopyOption.REPLACE_EXISTING);
            try (var rows = order.file().read(spool)) {
                return read(order, rows, new Counting(preview), preview);
            }
        } finally {
            Files.delete(spool);
        }
    }

    private Report read(Order order, RowReader rows, Counting counting, boolean isPreview) throws IOException {
        var seen = new HashSet<String>();
        var batch = new ArrayList<Understood>();
        try {
            for (var row = rows.next(); row != null; row = rows.next()) {
                counting.row();
                if (counting.rows() > MOST_ROWS) {
                    throw new IllegalArgumentException(
                            "the file has more than %d rows; send it in parts".formatted(MOST_ROWS));
                }
                understand(order, row, counting, batch);
                if (batch.size() == BATCH) {
                    settle(order, batch, seen, counting, isPreview);
                }
            }
            settle(order, batch, seen, counting, isPreview);
            return counting.report();
        } catch (BrokenFile broken) {
            settle(order, batch, seen, counting, isPreview);
            throw new IllegalArgumentException(
                    isPreview
                            ? broken.getMessage()
                            : "%s; %d tasks before it were taken in, send the corrected file whole"
                                    .formatted(
                                            broken.getMessage(),
                                            counting.report().tasks()),
                    broken);
        }
    }

    private void understand(Order order, RowReader.Row row, Counting counting, List<Understood> batch) {
        switch (row) {
            case Unreadable(var number, var reason) -> counting.refuse(number, reason);
            case Readable(var number, var content) -> {
                try {
                    var draft = order.reading().read(content);
                    var refusal = imports.refusal(order, draft);
                    if (refusal.isPresent()) {
                        counting.refuse(number, refusal.get());
                    } else {
                        var understood = new Understood(number, draft);
                        counting.show(order, understood);
                        batch.add(understood);
                    }
                } catch (IllegalArgumentException wrong) {
                    counting.refuse(number, String.valueOf(wrong.getMessage()));
                }
            }
        }
    }

    private void settle(
            Order order, List<Understood> batch, Set<String> seen, Counting counting, boolean isPreview) {
        if (isPreview) {
            imports.preview(order, batch, seen, counting);
        } else if (!batch.isEmpty()) {
            imports.take(order, batch, imports.keep(order, batch), counting);
        }
        batch.clear();
    }
}
