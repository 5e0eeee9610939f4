package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.Projects;
import dev.gyre.annotation.rows.FileKind;
import dev.gyre.annotation.rows.RowWriter;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Exports over HTTP; whatever the size of a project, a page of it is in memory.
@Path("/api/projects/{id}/export")
class ExportResource {

    private static final int AT_ONCE = 16;

    private final ExportStore judged;
    private final DossierReader texts;
    private final Projects projects;
    private final Caller caller;

    ExportResource(ExportStore judged, ArtifactStore artifacts, Projects projects, Caller caller) {
        this.judged = judged;
        this.texts = new DossierReader(artifacts);
        this.projects = projects;
        this.caller = caller;
    }

    /// The judgements of a project in a format.
    ///
    /// @param aggregate `majority` or `all`, in formats that have rows for models or tables
    /// @param question whose answers say which candidate is better, the first where none is named
    /// @param conversational whether texts are lists of messages; else as the first task is
    /// @param file `jsonl`, `json`, `csv` or `parquet`, where it is to be another than the format's own
    @GET
    @RolesAllowed({Roles.MANAGER, Roles.REVIEWER, Roles.ENGINEER})
    public Response export(
            String id,
            @QueryParam("format") @Nullable String format,
            @QueryParam("aggregate") @Nullable String aggregate,
            @QueryParam("question") @Nullable String question,
            @QueryParam("conversational") @Nullable Boolean conversational,
            @QueryParam("file") @Nullable String file,
            @Context HttpServerRequest request) {
        var project = projects.require(caller.workspace(), id);
        var wanted = Format.of(format);
        var kind = wanted.file(file);
        var lessons = new Lessons(question(project, question), Aggregate.of(aggregate));
        boolean isConversational = wanted.isConversational()
                && Objects.requireNonNullElseGet(conversational, () -> startsAsConversation(project));
        var rows = wanted.rows(project, lessons, isConversational);
        return Response.ok((StreamingOutput) out -> writeWhole(out, kind, rows, project, request))
                .type(kind.mediaType())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"%s\"".formatted(name(project, wanted, kind)))
                .build();
    }

    private static String question(Project project, @Nullable String name) {
        if (name == null) {
            return project.question().name();
        }
        if (project.questions().stream().noneMatch(question -> question.name().equals(name))) {
            throw new IllegalArgumentException("question is '%s', which project '%s' does not ask"
                    .formatted(name, project.name()));
        }
        return name;
    }

    private boolean startsAsConversation(Project project) {
        return dossiers(project)
                .findFirst()
                .map(first -> !first.document().messages().isEmpty())
                .orElse(false);
    }

    private Stream<Dossier> dossiers(Project project) {
        return judged.judged(project.id())
                .gather(Gatherers.mapConcurrent(AT_ONCE, texts::read))
                .flatMap(Optional::stream);
    }

    /// A file that breaks off is not ended as if it were whole: the connection is closed in its middle.
    private void writeWhole(
            OutputStream out, FileKind kind, RowFormat format, Project project, HttpServerRequest request)
            throws IOException {
        boolean isWhole = false;
        try {
            write(out, kind, format, project);
            isWhole = true;
        } finally {
            if (!isWhole && request.response().headWritten()) {
                request.connection().close();
            }
        }
    }

    private void write(OutputStream out, FileKind kind, RowFormat format, Project project) throws IOException {
        var writer = kind.write(out, format.columns());
        dossiers(project).forEach(dossier -> write(writer, format.rows(dossier)));
        writer.close();
    }

    private static void write(RowWriter writer, List<ObjectNode> rows) {
        try {
            for (var row : rows) {
                writer.write(row);
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static String name(Project project, Format format, FileKind kind) {
        return "%s-%s.%s".formatted(project.id(), format.word(), kind.word());
    }

    /// What a format cannot say; all formats where none is named.
    @GET
    @Path("losses")
    @RolesAllowed({Roles.MANAGER, Roles.REVIEWER, Roles.ENGINEER})
    public Map<String, List<String>> losses(String id, @QueryParam("format") @Nullable String format) {
        projects.require(caller.workspace(), id);
        var asked = format == null ? EnumSet.allOf(Format.class) : EnumSet.of(Format.of(format));
        var losses = new LinkedHashMap<String, List<String>>();
        asked.forEach(each -> losses.put(each.word(), each.losses()));
        return losses;
    }

    /// What LLaMA-Factory has to be told of the files for it.
    @GET
    @Path("dataset_info.json")
    @RolesAllowed({Roles.MANAGER, Roles.REVIEWER, Roles.ENGINEER})
    public ObjectNode datasetInfo(String id) {
        var project = projects.require(caller.workspace(), id);
        var lessons = new Lessons(project.question().name(), Aggregate.MAJORITY);
        var info = Nodes.object();
        for (var format : Format.values()) {
            if (format.rows(project, lessons, false) instanceof LlamaFactoryFormat rows) {
                info.set(
                        "%s-%s".formatted(project.id(), format.word()),
                        rows.info(name(project, format, FileKind.JSON)));
            }
        }
        return info;
    }

    /// The labelling interface for Label Studio.
    @GET
    @Path("label-config.xml")
    @Produces(MediaType.APPLICATION_XML)
    @RolesAllowed({Roles.MANAGER, Roles.REVIEWER, Roles.ENGINEER})
    public String labelConfig(String id) {
        return new LabelStudioConfig(projects.require(caller.workspace(), id).questions()).xml();
    }
}
