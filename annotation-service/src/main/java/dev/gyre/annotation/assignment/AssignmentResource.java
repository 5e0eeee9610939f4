package dev.gyre.annotation.assignment;

import dev.gyre.annotation.assignment.AssignmentStore.Person;
import dev.gyre.annotation.project.Projects;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who is asked what, over HTTP.
@Path("/api")
class AssignmentResource {

    private final AssignmentStore assignments;
    private final Projects projects;
    private final Caller caller;

    AssignmentResource(AssignmentStore assignments, Projects projects, Caller caller) {
        this.assignments = assignments;
        this.projects = projects;
        this.caller = caller;
    }

    record Listed(String annotator, String kind, Tags tags, int judgements) {

        static Listed of(Person person) {
            return new Listed(person.annotator(), person.kind(), Tags.of(person.tags()), person.judgements());
        }
    }

    /// Everybody who has come so far, by pseudonym.
    @GET
    @Path("annotators")
    @RolesAllowed(Roles.MANAGER)
    public List<Listed> people() {
        return assignments.people(caller.workspace()).stream().map(Listed::of).toList();
    }

    @PUT
    @Path("annotators/{pseudonym}/tags")
    @RolesAllowed(Roles.MANAGER)
    public Tags tag(String pseudonym, Tags.@Nullable Form wanted) {
        if (wanted == null) {
            throw new IllegalArgumentException("the body is empty; send cohorts, skills and languages as JSON");
        }
        var tags = wanted.tags();
        assignments.tag(caller.workspace(), pseudonym, tags);
        return tags;
    }

    /// What is missing stays as it is.
    record Wanted(
            Tags.@Nullable Form needs,
            @Nullable Boolean byLanguage,
            @Nullable Double overlap) {}

    @GET
    @Path("projects/{id}/assignment")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER})
    public Assignment one(String id) {
        return assignments.read(projects.require(caller.workspace(), id).id());
    }

    @PUT
    @Path("projects/{id}/assignment")
    @RolesAllowed(Roles.MANAGER)
    public Assignment change(String id, @Nullable Wanted wanted) {
        if (wanted == null) {
            throw new IllegalArgumentException("the body is empty; send needs, byLanguage or overlap as JSON");
        }
        var project = projects.require(caller.workspace(), id);
        var now = assignments.read(project.id());
        var next = new Assignment(
                wanted.needs() == null ? now.needs() : wanted.needs().tags(),
                Objects.requireNonNullElse(wanted.byLanguage(), now.byLanguage()),
                Objects.requireNonNullElse(wanted.overlap(), now.overlap()));
        assignments.change(project, next);
        return next;
    }
}
