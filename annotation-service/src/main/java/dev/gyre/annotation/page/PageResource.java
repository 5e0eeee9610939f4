package dev.gyre.annotation.page;

import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.Projects;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// The pages; each is a frame that its script fills through the same API that everybody uses.
@Path("/")
@Produces(MediaType.TEXT_HTML)
class PageResource {

    private final Projects projects;
    private final Caller caller;

    PageResource(Projects projects, Caller caller) {
        this.projects = projects;
        this.caller = caller;
    }

    /// Who looks at a page.
    record Viewer(String name, String workspace, boolean annotator, boolean reviewer, boolean manager) {}

    @CheckedTemplate
    static class Templates {

        private Templates() {}

        static native TemplateInstance projects(Viewer viewer);

        static native TemplateInstance project(Viewer viewer, Project project);

        static native TemplateInstance work(Viewer viewer, Project project);

        static native TemplateInstance create(Viewer viewer);

        static native TemplateInstance tasks(Viewer viewer, Project project);

        static native TemplateInstance review(Viewer viewer, Project project);

        static native TemplateInstance welcome(Viewer viewer);
    }

    @GET
    @RolesAllowed({Roles.ANNOTATOR, Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public TemplateInstance all() {
        return Templates.projects(viewer());
    }

    @GET
    @Path("projects/{id}")
    @RolesAllowed({Roles.ANNOTATOR, Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public TemplateInstance one(String id) {
        return Templates.project(viewer(), projects.require(caller.workspace(), id));
    }

    @GET
    @Path("projects/new")
    @RolesAllowed(Roles.MANAGER)
    public TemplateInstance create() {
        return Templates.create(viewer());
    }

    @GET
    @Path("projects/{id}/work")
    @RolesAllowed(Roles.ANNOTATOR)
    public TemplateInstance work(String id) {
        return Templates.work(viewer(), projects.require(caller.workspace(), id));
    }

    @GET
    @Path("projects/{id}/tasks")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public TemplateInstance tasks(String id) {
        return Templates.tasks(viewer(), projects.require(caller.workspace(), id));
    }

    @GET
    @Path("projects/{id}/review")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER})
    public TemplateInstance review(String id) {
        return Templates.review(viewer(), projects.require(caller.workspace(), id));
    }

    /// Where a second window ends after a login, so that the first one goes on with what it kept.
    @GET
    @Path("welcome")
    @RolesAllowed({Roles.ANNOTATOR, Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public TemplateInstance welcome() {
        return Templates.welcome(viewer());
    }

    private Viewer viewer() {
        boolean manager = caller.has(Roles.MANAGER);
        return new Viewer(
                caller.name(),
                caller.workspace(),
                caller.has(Roles.ANNOTATOR),
                manager || caller.has(Roles.REVIEWER),
                manager);
    }
}
