package dev.gyre.annotation.campaign;

import dev.gyre.annotation.project.Answering;
import dev.gyre.annotation.project.NewCandidates;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionForm;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.DriftEvent.Concern;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Campaign plans over HTTP.
@Path("/api/campaign-plans")
class PlanResource {

    private static final int MINIMUM = 30;
    private static final int DAY_MINUTES = 24 * 60;
    private static final double HELD_OUT_SHARE = 0.3;

    private final PlanStore plans;
    private final Caller caller;

    PlanResource(PlanStore plans, Caller caller) {
        this.plans = plans;
        this.caller = caller;
    }

    record NewPlan(
            @Nullable String name,
            @Nullable QuestionForm question,
            @Nullable String guidelines,
            @Nullable Integer answersPerItem,
            @Nullable Integer budget,
            @Nullable Integer minimum,
            @Nullable Integer deadlineMinutes,
            @Nullable Double heldOutShare,
            @Nullable Long seed,
            @Nullable List<@Nullable String> concerns,
            @Nullable NewCandidates candidates) {

        CampaignPlan in(String workspace, String model) {
            var asked = Question.of(question);
            if (budget == null) {
                throw new IllegalArgumentException(
                        "budget is missing, must be the most judgements that people are asked for, such as 200");
            }
            return new CampaignPlan(
                    workspace,
                    model,
                    Objects.requireNonNullElse(name, model + " campaign").strip(),
                    asked,
                    Objects.requireNonNullElse(guidelines, ""),
                    Objects.requireNonNullElse(answersPerItem, 1),
                    answering(asked, model),
                    budget,
                    Objects.requireNonNullElse(minimum, MINIMUM),
                    Objects.requireNonNullElse(deadlineMinutes, DAY_MINUTES),
                    Objects.requireNonNullElse(heldOutShare, HELD_OUT_SHARE),
                    Objects.requireNonNullElse(seed, 0L),
                    concerns == null
                            ? List.of(Concern.INPUT)
                            : concerns.stream().map(NewPlan::concern).distinct().toList());
        }

        /// Interactions bring no candidates, so answers to compare or to edit need a model; it is the one that drifted.
        private @Nullable Answering answering(Question asked, String model) {
            if (candidates == null && asked.kind().fewestCandidates() == 0) {
                return null;
            }
            var wanted = candidates == null ? new NewCandidates(null, null, null) : candidates;
            return wanted.answering(model);
        }

        private static Concern concern(@Nullable String name) {
            return Arrays.stream(Concern.values())
                    .filter(concern -> concern.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "concerns has '%s', must be of %s".formatted(name, Arrays.toString(Concern.values()))));
        }
    }

    /// A plan as it is shown.
    record Shown(
            String model,
            String name,
            Question question,
            String guidelines,
            int answersPerItem,
            @Nullable Answering candidates,
            int budget,
            int minimum,
            int deadlineMinutes,
            double heldOutShare,
            long seed,
            List<Concern> concerns) {

        static Shown of(CampaignPlan plan) {
            return new Shown(
                    plan.model(),
                    plan.name(),
                    plan.question(),
                    plan.guidelines(),
                    plan.answersPerItem(),
                    plan.candidates(),
                    plan.budget(),
                    plan.minimum(),
                    plan.deadlineMinutes(),
                    plan.heldOutShare(),
                    plan.seed(),
                    plan.concerns());
        }
    }

    /// Sets the plan of a model; campaigns that are open already go on as they were opened.
    @PUT
    @Path("{model}")
    @RolesAllowed(Roles.MANAGER)
    public Shown set(String model, @Nullable NewPlan wanted) {
        if (wanted == null) {
            throw new IllegalArgumentException("the body is empty; send a plan as JSON with question and budget");
        }
        var plan = wanted.in(caller.workspace(), model);
        plans.set(plan);
        return Shown.of(plan);
    }

    @GET
    @RolesAllowed({Roles.MANAGER, Roles.ENGINEER, Roles.OPERATOR})
    public List<Shown> all() {
        return plans.all(caller.workspace()).stream().map(Shown::of).toList();
    }

    @GET
    @Path("{model}")
    @RolesAllowed({Roles.MANAGER, Roles.ENGINEER, Roles.OPERATOR})
    public Shown one(String model) {
        return plans.find(caller.workspace(), model).map(Shown::of).orElseThrow(() -> missing(model));
    }

    @DELETE
    @Path("{model}")
    @RolesAllowed(Roles.MANAGER)
    public void remove(String model) {
        if (!plans.remove(caller.workspace(), model)) {
            throw missing(model);
        }
    }

    private NotFoundException missing(String model) {
        return new NotFoundException("no campaign plan for model '%s' in workspace '%s'; set one with PUT"
                .formatted(model, caller.workspace()));
    }
}
