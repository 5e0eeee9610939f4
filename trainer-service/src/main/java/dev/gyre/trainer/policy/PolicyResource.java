package dev.gyre.trainer.policy;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.trainer.dataset.DatasetStore;
import dev.gyre.trainer.model.ModelStore;
import dev.gyre.trainer.policy.Policy.Triggers;
import dev.gyre.trainer.policy.PolicyStore.Kept;
import dev.gyre.trainer.policy.PolicyStore.Made;
import dev.gyre.trainer.run.AdmissionRule;
import dev.gyre.trainer.run.RunConfig;
import dev.gyre.trainer.run.RunRequest.Learning;
import dev.gyre.trainer.run.RunStore;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sets the policies of models and shows what they decided.
@Path("/api/policies")
@Blocking
class PolicyResource {

    private static final int MOST_LISTED = 1000;

    private final PolicyStore policies;
    private final AdmissionRule admission;
    private final Caller caller;

    PolicyResource(
            PolicyStore policies,
            DatasetStore datasets,
            ModelStore models,
            RunStore runs,
            RunConfig config,
            Caller caller) {
        this.policies = policies;
        this.admission = new AdmissionRule(datasets, models, runs, config.minimumRows());
        this.caller = caller;
    }

    record View(
            String model,
            Map<Kind, Learning> recipes,
            long seed,
            Triggers triggers,
            double replayShare,
            int cooldownMinutes,
            int runsPerDay,
            @Nullable String tooLong,
            String setBy,
            Instant setAt) {

        static View of(Kept kept) {
            var policy = kept.policy();
            return new View(
                    kept.model(),
                    policy.recipes(),
                    policy.seed(),
                    policy.triggers(),
                    policy.replayShare(),
                    policy.cooldownMinutes(),
                    policy.runsPerDay(),
                    policy.tooLong(),
                    kept.setBy(),
                    kept.setAt());
        }
    }

    @PUT
    @Path("/{model}")
    @RolesAllowed(Roles.ENGINEER)
    public View set(@PathParam("model") String model, @Nullable PolicyRequest request) {
        if (request == null) {
            throw new BadRequestException(
                    "the policy is empty, must be {recipes, seed, triggers, replayShare, cooldownMinutes, runsPerDay, tooLong}");
        }
        policies.set(caller.workspace(), model, request.policy(model, admission), caller.name());
        return one(model);
    }

    @GET
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public List<View> all() {
        return policies.all(caller.workspace()).stream().map(View::of).toList();
    }

    @GET
    @Path("/{model}")
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public View one(@PathParam("model") String model) {
        return policies.find(caller.workspace(), model).map(View::of).orElseThrow(() -> unknown(model));
    }

    /// What was decided stays listed; what was frozen and waits is not trained on any more.
    @DELETE
    @Path("/{model}")
    @RolesAllowed(Roles.ENGINEER)
    public void remove(@PathParam("model") String model) {
        if (!policies.remove(caller.workspace(), model)) {
            throw unknown(model);
        }
    }

    /// The newest first.
    @GET
    @Path("/{model}/decisions")
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public List<Made> decisions(
            @PathParam("model") String model, @QueryParam("limit") @DefaultValue("100") int limit) {
        if (limit < 1 || limit > MOST_LISTED) {
            throw new BadRequestException("limit is %d, must be 1 to %d".formatted(limit, MOST_LISTED));
        }
        var made = policies.decisions(caller.workspace(), model, limit);
        if (made.isEmpty() && policies.find(caller.workspace(), model).isEmpty()) {
            throw unknown(model);
        }
        return made;
    }

    private static NotFoundException unknown(String model) {
        return new NotFoundException(
                "model '%s' has no policy; PUT /api/policies/%s sets one, GET /api/policies lists those there are"
                        .formatted(model, model));
    }
}
