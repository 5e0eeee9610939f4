package dev.gyre.trainer.run;

import dev.gyre.edge.Caller;
import dev.gyre.edge.RequestKey;
import dev.gyre.edge.Roles;
import dev.gyre.trainer.dataset.DatasetStore;
import dev.gyre.trainer.model.ModelStore;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/// Takes requests for runs, and lets people watch and cancel them.
@Path("/api/runs")
@Blocking
class RunResource {

    private static final int MOST_LISTED = 1000;
    private static final long LOOK_MILLIS = 500;

    private final RunStore runs;
    private final RunWorker worker;
    private final AdmissionRule admission;
    private final Caller caller;
    private final RequestKey key;

    RunResource(
            RunStore runs,
            RunWorker worker,
            DatasetStore datasets,
            ModelStore models,
            RunConfig config,
            Caller caller,
            RequestKey key) {
        this.runs = runs;
        this.worker = worker;
        this.admission = new AdmissionRule(datasets, models, runs, config.minimumRows());
        this.caller = caller;
        this.key = key;
    }

    /// Asks for a run; the same `Idempotency-Key` again gets the same run.
    @POST
    @RolesAllowed(Roles.ENGINEER)
    public Response request(@Nullable RunRequest request) {
        if (request == null) {
            throw new BadRequestException(
                    "the request is empty, must be {model, base, dataset, recipe, seed, tooLong, replay | replayShare}");
        }
        var id = key.id();
        if (runs.find(caller.workspace(), id).isPresent()) {
            return Response.accepted(view(id)).build();
        }
        return switch (admission.admit(caller.workspace(), id, "asked for by " + caller.name(), request)) {
            case Admission.Admitted admitted -> {
                runs.request(admitted.run(), caller.name());
                worker.wake();
                yield Response.accepted(view(id)).build();
            }
            case Admission.Refused refused -> {
                var detail = String.join("; ", refused.objections());
                throw refused.known() ? new BadRequestException(detail) : new NotFoundException(detail);
            }
        };
    }

    @GET
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public List<RunView> newest(@QueryParam("limit") @DefaultValue("100") int limit) {
        if (limit < 1 || limit > MOST_LISTED) {
            throw new BadRequestException("limit is %d, must be 1 to %d".formatted(limit, MOST_LISTED));
        }
        return runs.newest(caller.workspace(), limit).stream().map(RunView::of).toList();
    }

    @GET
    @Path("/{run}")
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public RunView one(@PathParam("run") String run) {
        return view(run);
    }

    @POST
    @Path("/{run}/cancel")
    @RolesAllowed(Roles.ENGINEER)
    public RunView cancel(@PathParam("run") String id) {
        var run = runs.cancel(find(caller.workspace(), id), caller.name());
        return switch (run.state()) {
            case RunState.Completed ignored -> throw tooLate(run);
            case RunState.Failed ignored -> throw tooLate(run);
            case RunState.Cancelled ignored -> RunView.of(run);
            case RunState.Cancelling ignored -> RunView.of(run);
            case RunState.Queued ignored -> RunView.of(run);
            case RunState.Running ignored -> RunView.of(run);
        };
    }

    /// Every change of the run as a server-sent event; ends with the run.
    @GET
    @Path("/{run}/progress")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public Multi<RunView> progress(@PathParam("run") String run) {
        var workspace = caller.workspace();
        find(workspace, run);
        return Multi.createFrom()
                .emitter(emitter ->
                        Thread.ofVirtual().name("run-progress").start(() -> follow(workspace, run, emitter)));
    }

    private void follow(String workspace, String id, MultiEmitter<? super RunView> watcher) {
        try {
            RunView seen = null;
            while (!watcher.isCancelled()) {
                var run = find(workspace, id);
                var view = RunView.of(run);
                if (!view.equals(seen)) {
                    watcher.emit(view);
                    seen = view;
                }
                if (run.state() instanceof RunState.Ended) {
                    watcher.complete();
                    return;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            watcher.complete();
        } catch (RuntimeException failure) {
            watcher.fail(failure);
        }
    }

    private RunView view(String run) {
        return RunView.of(find(caller.workspace(), run));
    }

    private Run find(String workspace, String run) {
        return runs.find(workspace, run).orElseThrow(() -> new NotFoundException("no run '%s'".formatted(run)));
    }

    private static ClientErrorException tooLate(Run run) {
        return new ClientErrorException(
                "run %s is %s already, there is nothing to cancel"
                        .formatted(run.id(), run.state().word()),
                Response.Status.CONFLICT);
    }
}
