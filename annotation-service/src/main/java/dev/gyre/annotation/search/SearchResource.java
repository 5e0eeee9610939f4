package dev.gyre.annotation.search;

import dev.gyre.annotation.project.Projects;
import dev.gyre.annotation.search.SearchStore.Count;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Tasks of a project by what they say and what was said of them, over HTTP.
@Path("/api")
class SearchResource {

    private static final int LIMIT = 50;
    private static final int MOST = 200;

    private final SearchStore search;
    private final Projects projects;
    private final Caller caller;

    SearchResource(SearchStore search, Projects projects, Caller caller) {
        this.search = search;
        this.projects = projects;
        this.caller = caller;
    }

    /// @param next what to send as `after` for the page that follows; nothing where there is none
    /// @param count with the first page: how many tasks there are, as far as that is cheap to know
    record Page(
            List<FoundTask> tasks,
            @Nullable Long next,
            @Nullable Count count) {}

    @GET
    @Path("projects/{id}/tasks")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public Page tasks(
            String id,
            @QueryParam("q") @Nullable String q,
            @QueryParam("state") @Nullable String state,
            @QueryParam("label") @Nullable String label,
            @QueryParam("annotator") @Nullable String annotator,
            @QueryParam("agreement") @Nullable Double agreement,
            @QueryParam("schemaVersion") @Nullable Integer schemaVersion,
            @QueryParam("like") @Nullable String like,
            @QueryParam("similarity") @Nullable Double similarity,
            @QueryParam("after") @Nullable Long after,
            @QueryParam("limit") @Nullable Integer limit) {
        int most = Objects.requireNonNullElse(limit, LIMIT);
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("limit is %d, must be 1 to %d".formatted(most, MOST));
        }
        var project = projects.require(caller.workspace(), id);
        var query = new TaskQuery(q, state, label, annotator, agreement, schemaVersion, like, similarity);
        var found = search.find(project, query, Objects.requireNonNullElse(after, 0L), most + 1, after == null);
        var page = found.tasks().subList(0, Math.min(most, found.tasks().size()));
        return new Page(page, found.tasks().size() > most ? page.getLast().position() : null, found.count());
    }
}
