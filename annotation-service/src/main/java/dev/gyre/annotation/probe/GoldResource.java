package dev.gyre.annotation.probe;

import dev.gyre.annotation.probe.GoldStore.Known;
import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.Projects;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Gold questions over HTTP.
@Path("/api/projects/{id}/gold")
class GoldResource {

    private static final int MOST = 1000;
    private static final int FEWEST_UNANIMOUS = 3;

    private final GoldStore gold;
    private final Projects projects;
    private final Caller caller;

    GoldResource(GoldStore gold, Projects projects, Caller caller) {
        this.gold = gold;
        this.projects = projects;
        this.caller = caller;
    }

    /// What shall be gold.
    ///
    /// @param tasks with the answer that is right, as it is counted: the id of a candidate, `tie`, `bad`, or a label
    /// @param unanimous tasks that are done and of which at least so many, and all, said the same; 3 or more
    record Wanted(
            @Nullable List<Answered> tasks, @Nullable Integer unanimous) {}

    record Answered(
            @Nullable String task, @Nullable String value) {}

    record Added(int added) {}

    @POST
    @RolesAllowed(Roles.MANAGER)
    public Added add(String id, @Nullable Wanted wanted) {
        if (wanted == null || (wanted.tasks() == null) == (wanted.unanimous() == null)) {
            throw new IllegalArgumentException(
                    "send either tasks, a list of {task, value}, or unanimous, how many judgements must have said the same");
        }
        var project = project(id);
        if (wanted.unanimous() != null) {
            return new Added(gold.addUnanimous(project, fewest(wanted.unanimous())));
        }
        return new Added(gold.add(project, known(Objects.requireNonNull(wanted.tasks()))));
    }

    private static int fewest(int unanimous) {
        if (unanimous < FEWEST_UNANIMOUS) {
            throw new IllegalArgumentException(
                    "unanimous is %d, must be %d or more".formatted(unanimous, FEWEST_UNANIMOUS));
        }
        return unanimous;
    }

    private static List<Known> known(List<Answered> tasks) {
        if (tasks.isEmpty() || tasks.size() > MOST) {
            throw new IllegalArgumentException("tasks has %d tasks, must have 1 to %d".formatted(tasks.size(), MOST));
        }
        return tasks.stream()
                .map(answered -> {
                    if (answered.task() == null || answered.value() == null) {
                        throw new IllegalArgumentException("tasks has %s, each needs task and value".formatted(answered));
                    }
                    return new Known(answered.task(), answered.value());
                })
                .toList();
    }

    @GET
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER})
    public List<GoldStore.Listed> all(String id) {
        return gold.all(project(id));
    }

    @DELETE
    @Path("{task}")
    @RolesAllowed(Roles.MANAGER)
    public void remove(String id, String task) {
        gold.remove(project(id), task);
    }

    private Project project(String id) {
        return projects.require(caller.workspace(), id);
    }
}
