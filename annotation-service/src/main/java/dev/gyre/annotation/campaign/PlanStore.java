package dev.gyre.annotation.campaign;

import dev.gyre.annotation.project.Answering;
import dev.gyre.annotation.project.Question;
import dev.gyre.events.DriftEvent.Concern;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.generic.GenericType;
import org.jdbi.v3.core.qualifier.QualifiedType;
import org.jdbi.v3.json.Json;

/// Keeps one plan for each model.
@ApplicationScoped
class PlanStore {

    private static final QualifiedType<Question> QUESTION =
            QualifiedType.of(Question.class).with(Json.class);
    private static final QualifiedType<Answering> ANSWERING =
            QualifiedType.of(Answering.class).with(Json.class);
    private static final QualifiedType<List<Concern>> CONCERNS =
            QualifiedType.of(new GenericType<List<Concern>>() {}).with(Json.class);

    private final Jdbi jdbi;

    PlanStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Sets the plan of a model in place of the one that it had.
    @Transactional
    void set(CampaignPlan plan) {
        jdbi.useHandle(handle -> {
            handle.createUpdate("delete from campaign_plan where workspace = :workspace and model = :model")
                    .bindMethods(plan)
                    .execute();
            handle.createUpdate("""
                            insert into campaign_plan (workspace, model, name, question, guidelines, answers_per_item,
                                                       candidates, budget, minimum, deadline_minutes, held_out_share,
                                                       seed, concerns)
                            values (:workspace, :model, :name, cast(:question as jsonb), :guidelines, :answersPerItem,
                                    cast(:candidates as jsonb), :budget, :minimum, :deadlineMinutes, :heldOutShare,
                                    :seed, cast(:concerns as jsonb))""")
                    .bindMethods(plan)
                    .bindByType("question", plan.question(), QUESTION)
                    .bindByType("candidates", plan.candidates(), ANSWERING)
                    .bindByType("concerns", plan.concerns(), CONCERNS)
                    .execute();
        });
    }

    Optional<CampaignPlan> find(String workspace, String model) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from campaign_plan where workspace = :workspace and model = :model")
                .bind("workspace", workspace)
                .bind("model", model)
                .mapTo(CampaignPlan.class)
                .findOne());
    }

    List<CampaignPlan> all(String workspace) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select * from campaign_plan where workspace = :workspace order by model")
                        .bind("workspace", workspace)
                        .mapTo(CampaignPlan.class)
                        .list());
    }

    /// @return whether there was one
    @Transactional
    boolean remove(String workspace, String model) {
        return jdbi.withHandle(handle -> handle.createUpdate(
                                "delete from campaign_plan where workspace = :workspace and model = :model")
                        .bind("workspace", workspace)
                        .bind("model", model)
                        .execute())
                > 0;
    }
}
