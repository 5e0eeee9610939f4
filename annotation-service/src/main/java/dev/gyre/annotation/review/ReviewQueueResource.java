package dev.gyre.annotation.review;

import dev.gyre.annotation.project.Projects;
import dev.gyre.annotation.review.ReviewStore.Place;
import dev.gyre.annotation.review.ReviewStore.Queued;
import dev.gyre.annotation.search.TaskQuery;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is in doubt, over HTTP.
@Path("/api/projects/{id}/review")
class ReviewQueueResource {

    private static final int LIMIT = 20;
    private static final int MOST = 200;

    private final ReviewStore reviews;
    private final DoubtWorker doubts;
    private final Projects projects;
    private final Caller caller;

    ReviewQueueResource(ReviewStore reviews, DoubtWorker doubts, Projects projects, Caller caller) {
        this.reviews = reviews;
        this.doubts = doubts;
        this.projects = projects;
        this.caller = caller;
    }

    /// @param next what to send as `after` for the page that follows; nothing where there is none
    record Page(List<Queued> tasks, @Nullable String next) {}

    /// What is in most doubt comes first.
    @GET
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER})
    public Page queue(
            String id,
            @QueryParam("q") @Nullable String q,
            @QueryParam("label") @Nullable String label,
            @QueryParam("annotator") @Nullable String annotator,
            @QueryParam("adjudicated") @Nullable Boolean adjudicated,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable Integer limit) {
        int most = Objects.requireNonNullElse(limit, LIMIT);
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("limit is %d, must be 1 to %d".formatted(most, MOST));
        }
        var project = projects.require(caller.workspace(), id).id();
        doubts.look(project);
        var found = reviews.queue(
                project,
                new TaskQuery(q, null, label, annotator, null, null, null, null),
                Boolean.TRUE.equals(adjudicated),
                after == null ? Place.FIRST : Place.of(after),
                most + 1);
        var page = found.subList(0, Math.min(most, found.size()));
        return new Page(
                page,
                found.size() > most
                        ? new Place(page.getLast().doubt(), page.getLast().task()).toString()
                        : null);
    }
}
