package dev.gyre.annotation.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.annotation.annotator.Annotators;
import dev.gyre.annotation.bulk.BulkStore.Bulk;
import dev.gyre.annotation.bulk.BulkStore.Order;
import dev.gyre.annotation.project.Projects;
import dev.gyre.annotation.search.TaskQuery;
import dev.gyre.edge.Caller;
import dev.gyre.edge.RequestKey;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Many tasks at once, over HTTP.
@Path("/api")
class BulkResource {

    private final BulkStore bulks;
    private final Projects projects;
    private final Annotators annotators;
    private final Caller caller;
    private final RequestKey key;

    BulkResource(BulkStore bulks, Projects projects, Annotators annotators, Caller caller, RequestKey key) {
        this.bulks = bulks;
        this.projects = projects;
        this.annotators = annotators;
        this.caller = caller;
        this.key = key;
    }

    /// Which tasks, in the words of the search.
    record Meant(
            @Nullable String q,
            @Nullable String state,
            @Nullable String label,
            @Nullable String annotator,
            @Nullable Double agreement,
            @Nullable Integer schemaVersion,
            @Nullable String like,
            @Nullable Double similarity) {

        TaskQuery query() {
            return new TaskQuery(q, state, label, annotator, agreement, schemaVersion, like, similarity);
        }
    }

    /// @param value of the action: a reason, how many more answers, an answer, or a priority
    /// @param preview true to see what would be meant
    record NewBulk(
            @Nullable Meant query,
            @Nullable String action,
            @Nullable JsonNode value,
            @Nullable Boolean preview) {}

    record Applied(String bulk, int tasks) {}

    /// Shows what is meant, or does it; the same `Idempotency-Key` again does nothing more.
    @POST
    @Path("projects/{id}/bulk")
    @RolesAllowed(Roles.MANAGER)
    public Response bulk(String id, @Nullable NewBulk wanted) {
        if (wanted == null || wanted.query() == null) {
            throw new IllegalArgumentException("query is missing, must say which tasks are meant; {} means all");
        }
        var action = BulkAction.of(wanted.action(), wanted.value());
        var project = projects.require(caller.workspace(), id);
        var query = wanted.query().query();
        if (Boolean.TRUE.equals(wanted.preview())) {
            return Response.ok(bulks.preview(project, query, action)).build();
        }
        var before = bulks.find(caller.workspace(), key.id());
        if (before.isPresent()) {
            return Response.ok(new Applied(before.get().id(), before.get().tasks())).build();
        }
        var manager = annotators.of(caller.workspace(), caller.subject(), caller.kind());
        var order = new Order(key.id(), manager, query, action);
        int tasks = bulks.apply(project, order);
        return Response.created(URI.create("/api/projects/" + id + "/bulk"))
                .entity(new Applied(order.id(), tasks))
                .build();
    }

    @GET
    @Path("projects/{id}/bulk")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER})
    public List<Bulk> all(String id) {
        return bulks.all(projects.require(caller.workspace(), id).id());
    }

    @POST
    @Path("bulk/{bulk}/undo")
    @RolesAllowed(Roles.MANAGER)
    public void undo(String bulk) {
        bulks.undo(
                caller.workspace(),
                bulks.find(caller.workspace(), bulk)
                        .orElseThrow(() -> new NotFoundException("no bulk '%s' in workspace '%s'"
                                .formatted(bulk, caller.workspace()))));
    }
}
