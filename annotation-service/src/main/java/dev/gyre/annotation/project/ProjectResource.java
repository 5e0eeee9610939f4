package dev.gyre.annotation.project;

import dev.gyre.annotation.agreement.Agreement;
import dev.gyre.annotation.agreement.Agreements;
import dev.gyre.edge.Caller;
import dev.gyre.edge.RequestKey;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Projects over HTTP.
@Path("/api")
class ProjectResource {

    private final ProjectStore projects;
    private final Agreements agreements;
    private final ProgressStore progress;
    private final Caller caller;
    private final RequestKey key;

    ProjectResource(
            ProjectStore projects, Agreements agreements, ProgressStore progress, Caller caller, RequestKey key) {
        this.projects = projects;
        this.agreements = agreements;
        this.progress = progress;
        this.caller = caller;
        this.key = key;
    }

    record NewProject(
            @Nullable String name,
            @Nullable String source,
            @Nullable QuestionForm question,
            @Nullable List<@Nullable QuestionForm> questions,
            @Nullable Integer answersPerItem,
            @Nullable NewCandidates candidates,
            @Nullable String guidelines,
            @Nullable Integer leaseSeconds,
            @Nullable Boolean shuffleSides) {

        Project in(String workspace, String id) {
            return new Project(
                    id,
                    workspace,
                    Objects.requireNonNullElse(name, "").strip(),
                    Objects.requireNonNullElse(source, "").strip(),
                    asked(question, questions),
                    Objects.requireNonNullElse(answersPerItem, 1),
                    candidates == null ? null : candidates.answering(""),
                    Objects.requireNonNullElse(guidelines, ""),
                    1,
                    1,
                    Objects.requireNonNullElse(leaseSeconds, Project.LEASE_SECONDS),
                    Objects.requireNonNullElse(shuffleSides, true),
                    Instant.now().truncatedTo(ChronoUnit.MICROS));
        }
    }

    /// A project as it is listed.
    record Listed(
            String id,
            String name,
            String source,
            Question question,
            List<Question> questions,
            int schemaVersion,
            int guidelineVersion,
            int answersPerItem,
            @Nullable Answering candidates,
            String guidelines,
            int leaseSeconds,
            boolean shuffleSides,
            Instant createdAt,
            Progress progress,
            @Nullable Agreement agreement) {}

    /// Makes a project; the same `Idempotency-Key` again gets the same project.
    @POST
    @Path("projects")
    @RolesAllowed(Roles.MANAGER)
    public Response add(@Nullable NewProject wanted) {
        if (wanted == null) {
            throw new BadRequestException("the body is empty; send a project as JSON with name, source and question");
        }
        var project = wanted.in(caller.workspace(), key.id());
        var before = projects.find(project.workspace(), project.id());
        if (before.isPresent()) {
            return Response.ok(listed(before.get(), null)).build();
        }
        projects.add(project);
        return Response.created(URI.create("/api/projects/" + project.id()))
                .entity(listed(project, null))
                .build();
    }

    record NewSchema(
            @Nullable List<@Nullable QuestionForm> questions,
            @Nullable String guidelines) {}

    /// Sets other questions or guidelines; tasks lent from now on carry them, answers given so far keep their version.
    @PUT
    @Path("projects/{id}/schema")
    @RolesAllowed(Roles.MANAGER)
    public Listed change(String id, @Nullable NewSchema wanted) {
        if (wanted == null || (wanted.questions() == null && wanted.guidelines() == null)) {
            throw new IllegalArgumentException("the body has neither questions nor guidelines; send one of them or both");
        }
        var now = projects.current(caller.workspace(), id);
        var next = now.next(
                wanted.questions() == null ? now.questions() : asked(null, wanted.questions()),
                Objects.requireNonNullElse(wanted.guidelines(), now.guidelines()));
        if (!next.questions().equals(now.questions()) || !next.guidelines().equals(now.guidelines())) {
            projects.change(next);
            return listed(next, null);
        }
        return listed(now, null);
    }

    private static List<Question> asked(
            @Nullable QuestionForm alone, @Nullable List<@Nullable QuestionForm> questions) {
        if (questions == null) {
            return List.of(Question.of(alone));
        }
        if (alone != null) {
            throw new IllegalArgumentException("question and questions exclude each other; send questions");
        }
        return questions.stream().map(Question::of).toList();
    }

    @GET
    @Path("projects")
    @RolesAllowed({Roles.ANNOTATOR, Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public List<Listed> all() {
        return projects.all(caller.workspace()).stream()
                .map(project -> listed(project, null))
                .toList();
    }

    @GET
    @Path("projects/{id}")
    @RolesAllowed({Roles.ANNOTATOR, Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public Listed one(String id) {
        var project = projects.require(caller.workspace(), id);
        return listed(project, agreements.of(project.workspace(), id));
    }

    @GET
    @Path("projects/{id}/progress")
    @RolesAllowed({Roles.ANNOTATOR, Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public Progress progress(String id) {
        return progress(projects.require(caller.workspace(), id));
    }

    @GET
    @Path("projects/{id}/agreement")
    @RolesAllowed({Roles.ANNOTATOR, Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public Agreement agreement(String id) {
        return agreements.of(projects.require(caller.workspace(), id).workspace(), id);
    }

    private Progress progress(Project project) {
        return progress.of(project, caller.subject());
    }

    private Listed listed(Project project, @Nullable Agreement agreement) {
        return new Listed(
                project.id(),
                project.name(),
                project.source(),
                project.question(),
                project.questions(),
                project.schemaVersion(),
                project.guidelineVersion(),
                project.answersPerItem(),
                project.candidates(),
                project.guidelines(),
                project.leaseSeconds(),
                project.shuffleSides(),
                project.createdAt(),
                progress(project),
                agreement);
    }
}
