package dev.gyre.annotation.task;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.annotation.annotator.Annotators;
import dev.gyre.annotation.assignment.Assignments;
import dev.gyre.annotation.assignment.Assignments.Fit;
import dev.gyre.annotation.probe.Probes;
import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.Projects;
import dev.gyre.annotation.task.LeaseStore.Lent;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.Annotator;
import dev.gyre.events.Candidate;
import dev.gyre.events.SampleDocument;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Tasks over HTTP: take some, give one back.
@Path("/api")
class TaskResource {

    private static final int AT_ONCE = 8;
    private static final int MOST = 200;

    private final Projects projects;
    private final Annotators annotators;
    private final LeaseStore leases;
    private final Probes probes;
    private final Assignments assigned;
    private final ArtifactStore artifacts;
    private final ObjectMapper json;
    private final Caller caller;

    TaskResource(
            Projects projects,
            Annotators annotators,
            LeaseStore leases,
            Probes probes,
            Assignments assigned,
            ArtifactStore artifacts,
            ObjectMapper json,
            Caller caller) {
        this.projects = projects;
        this.annotators = annotators;
        this.leases = leases;
        this.probes = probes;
        this.assigned = assigned;
        this.artifacts = artifacts;
        this.json = json;
        this.caller = caller;
    }

    /// Lends the next tasks; fewer than asked for, or none, where there are no more for this person now.
    @POST
    @Path("projects/{id}/tasks/next")
    @RolesAllowed(Roles.ANNOTATOR)
    public List<Assignment> next(
            String id, @QueryParam("count") @Nullable Integer count, @QueryParam("task") @Nullable String task) {
        int wanted = Objects.requireNonNullElse(count, 1);
        if (wanted < 1 || wanted > MOST) {
            throw new IllegalArgumentException("count is %d, must be 1 to %d".formatted(wanted, MOST));
        }
        var project = projects.require(caller.workspace(), id);
        var fit = assigned.of(project, me());
        if (!fit.admitted()) {
            return List.of();
        }
        return assignments(project, task == null ? lend(project, wanted, fit) : lend(project, task, fit));
    }

    /// Now and then one of the tasks is a probe, and looks like any other.
    private List<Lent> lend(Project project, int wanted, Fit fit) {
        var me = me();
        var probed =
                probes.lend(project, me, wanted, (task, candidates) -> ShownOrder.of(project, me, task, candidates));
        return Lent.mixed(lend(project, me, wanted - probed.size(), null, fit), probed);
    }

    /// A certain task, which may have been a probe before.
    private List<Lent> lend(Project project, String task, Fit fit) {
        var me = me();
        var lent = lend(project, me, 1, task, fit);
        return lent.isEmpty()
                ? probes.lendAgain(project, me, task).stream().map(Lent::of).toList()
                : lent;
    }

    /// Seats whose time is over are only looked for where the free ones do not suffice.
    private List<Lent> lend(Project project, Annotator me, int wanted, @Nullable String task, Fit fit) {
        if (wanted == 0) {
            return List.of();
        }
        var lent = leases.lend(project, me, wanted, task, fit.languages());
        return lent.size() < wanted && leases.expire(project)
                ? Stream.concat(
                                lent.stream(),
                                leases
                                        .lend(project, me, wanted - lent.size(), task, fit.languages())
                                        .stream())
                        .toList()
                : lent;
    }

    /// What the caller holds already, for a page that is opened again.
    @GET
    @Path("projects/{id}/tasks/held")
    @RolesAllowed(Roles.ANNOTATOR)
    public List<Assignment> held(String id) {
        var project = projects.require(caller.workspace(), id);
        var me = me();
        return assignments(project, Lent.mixed(leases.held(project, me), probes.held(project, me)));
    }

    /// Skips a task.
    @DELETE
    @Path("leases/{lease}")
    @RolesAllowed(Roles.ANNOTATOR)
    public void skip(String lease) {
        var me = me();
        if (!probes.skip(caller.workspace(), lease, me)) {
            leases.skip(caller.workspace(), lease, me);
        }
    }

    private Annotator me() {
        return annotators.of(caller.workspace(), caller.subject(), caller.kind());
    }

    private List<Assignment> assignments(Project project, List<Lent> lent) {
        return lent.stream()
                .gather(Gatherers.mapConcurrent(AT_ONCE, task -> assignment(project, task)))
                .toList();
    }

    private Assignment assignment(Project project, Lent lent) {
        try {
            var sample = json.readValue(artifacts.read(lent.content()), SampleDocument.class);
            var questions = projects.questions(project.id(), lent.schemaVersion());
            var ids = lent.candidates().stream().map(Candidate::id).toList();
            var shown = lent.shownOrder().stream()
                    .map(id -> {
                        int original = ids.indexOf(id);
                        return new Assignment.Shown(
                                id, original, text(sample, lent.candidates().get(original), original));
                    })
                    .toList();
            return new Assignment(
                    lent.task(),
                    project.id(),
                    lent.externalId(),
                    sample.prompt(),
                    shown,
                    lent.lease(),
                    lent.expiresAt(),
                    questions.getFirst(),
                    questions,
                    lent.schemaVersion(),
                    project.guidelineVersion(),
                    sample.messages(),
                    "markdown".equals(sample.metadata().get("format")) ? "markdown" : "text");
        } catch (IOException broken) {
            throw new UncheckedIOException(
                    "the text of task %s is not a sample document".formatted(lent.task()), broken);
        }
    }

    /// Recorded answers stand in the sample; those of a model stand alone.
    private String text(SampleDocument sample, Candidate candidate, int original) {
        return candidate.model() == null ? sample.candidates().get(original) : artifacts.readText(candidate.text());
    }
}
