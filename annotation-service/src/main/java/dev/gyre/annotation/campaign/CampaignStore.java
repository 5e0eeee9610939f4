package dev.gyre.annotation.campaign;

import dev.gyre.annotation.campaign.Closing.Standing;
import dev.gyre.annotation.dataset.Freezer;
import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.Projects;
import dev.gyre.delivery.Cause;
import dev.gyre.delivery.Outbox;
import dev.gyre.events.CampaignEvent.CampaignClosed;
import dev.gyre.events.CampaignEvent.CampaignOpened;
import dev.gyre.events.CampaignEvent.Outcome;
import dev.gyre.events.DriftEvent.Concern;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.DriftEvent.Drifted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Keeps campaigns: each is opened in one transaction with its project and tasks, and closed in one with its data set.
@ApplicationScoped
class CampaignStore {

    /// Where a campaign of the row `c` stands; the clock is the database's, so every instance sees the same time.
    private static final String STANDING = """
            select c.id, c.workspace, c.model, c.name, c.project, c.held_out_share, c.seed, c.cause, c.minimum,
                   n.tasks, n.unsettled, n.skipped, n.judgements, c.deadline <= now() as late
            from %s c cross join lateral (
                select count(*) as tasks, count(*) filter (where state in ('PREPARING', 'ASKING', 'READY')) as unsettled,
                       count(*) filter (where state = 'SKIPPED') as skipped, coalesce(sum(judged), 0) as judgements
                from task where project = c.project) n
            """;

    private final Jdbi jdbi;
    private final Outbox outbox;
    private final Projects projects;
    private final Freezer freezer;

    CampaignStore(Jdbi jdbi, Outbox outbox, Projects projects, Freezer freezer) {
        this.jdbi = jdbi;
        this.outbox = outbox;
        this.projects = projects;
        this.freezer = freezer;
    }

    /// The campaign of a model that is open now.
    Optional<String> open(String workspace, String model) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select id from campaign where workspace = :workspace and model = :model and state = 'OPEN'")
                .bind("workspace", workspace)
                .bind("model", model)
                .mapTo(String.class)
                .findOne());
    }

    /// Which of these interactions people were asked about before.
    Set<String> asked(String workspace, List<String> interactions) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select external_id from sample where workspace = :workspace and id = any(:samples)")
                .bind("workspace", workspace)
                .bindArray(
                        "samples",
                        String.class,
                        interactions.stream().map(id -> sample(workspace, id)).toList())
                .mapTo(String.class)
                .set());
    }

    /// The sample that an interaction becomes: apps choose ids of their own, which others may choose too.
    private static String sample(String workspace, String interaction) {
        return UUID.nameUUIDFromBytes(
                        "interaction/%s/%s".formatted(workspace, interaction).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    record Beginning(int number, Instant deadline) {}

    /// Opens a campaign on an alarm that nobody has decided yet, with all that belongs to it, and tells it.
    ///
    /// @param prompts what people are asked about, in this order
    @Transactional
    void open(DriftDetected drift, CampaignPlan plan, List<Drifted> prompts) {
        jdbi.useHandle(handle -> {
            var campaign = UUID.randomUUID().toString();
            if (!decide(handle, drift, campaign)) {
                return;
            }
            var beginning = beginning(handle, plan);
            var project = plan.project(campaign, plan.name() + " " + beginning.number());
            addSamples(handle, project, prompts);
            projects.add(project);
            int tasks = handle.createQuery("select count(*) from task where project = :project")
                    .bind("project", project.id())
                    .mapTo(int.class)
                    .one();
            var opened = outbox.tell(new CampaignOpened(
                    plan.workspace(),
                    campaign,
                    project.id(),
                    plan.model(),
                    drift.drift(),
                    tasks,
                    plan.budget(),
                    beginning.deadline().toString(),
                    "%s People are asked about the %d most instructive interactions."
                            .formatted(drift.explanation(), tasks)));
            var here = Cause.current();
            add(
                    handle,
                    campaign,
                    drift,
                    plan,
                    project,
                    beginning.deadline(),
                    new Cause(here.correlation(), opened, here.depth() + 1));
        });
    }

    private static boolean decide(Handle handle, DriftDetected drift, String campaign) {
        return handle.createUpdate("""
                        update drift set state = 'OPENED', campaign = :campaign,
                               reason = 'A plan for the model asks people about drift of this kind.'
                        where workspace = :workspace and id = :drift and state = 'WAITING'""")
                        .bind("campaign", campaign)
                        .bind("workspace", drift.workspace())
                        .bind("drift", drift.drift())
                        .execute()
                == 1;
    }

    private static Beginning beginning(Handle handle, CampaignPlan plan) {
        return handle.createQuery("""
                        select 1 + count(*) as number, now() + :minutes * interval '1 minute' as deadline
                        from campaign where workspace = :workspace and model = :model""")
                .bind("minutes", plan.deadlineMinutes())
                .bind("workspace", plan.workspace())
                .bind("model", plan.model())
                .mapTo(Beginning.class)
                .one();
    }

    private static void addSamples(Handle handle, Project project, List<Drifted> prompts) {
        var samples = handle.prepareBatch("""
                insert into sample (id, workspace, source, external_id, slice, content, subject)
                values (:sample, :workspace, :source, :interaction, :slice, cast(:content as jsonb), :subject)
                on conflict (id) do nothing""");
        for (var prompt : prompts) {
            samples.bindMethods(prompt)
                    .bind("sample", sample(project.workspace(), prompt.interaction()))
                    .bind("workspace", project.workspace())
                    .bind("source", project.source())
                    .add();
        }
        samples.execute();
    }

    private static void add(
            Handle handle,
            String campaign,
            DriftDetected drift,
            CampaignPlan plan,
            Project project,
            Instant deadline,
            Cause cause) {
        handle.createUpdate("""
                        insert into campaign (id, workspace, model, name, drift, concern, explanation, project, budget,
                                              minimum, held_out_share, seed, deadline, cause)
                        values (:id, :workspace, :model, :name, :drift, :concern, :explanation, :project, :budget,
                                :minimum, :heldOutShare, :seed, :deadline, :cause)""")
                .bindMethods(plan)
                .bind("id", campaign)
                .bind("name", project.name())
                .bind("drift", drift.drift())
                .bind("concern", drift.concern().name())
                .bind("explanation", drift.explanation())
                .bind("project", project.id())
                .bind("deadline", deadline)
                .bind("cause", cause.encoded())
                .execute();
    }

    /// An open campaign and where it stands.
    record Due(
            String id,
            String workspace,
            String model,
            String name,
            String project,
            double heldOutShare,
            long seed,
            String cause,
            int minimum,
            int tasks,
            int unsettled,
            int skipped,
            int judgements,
            boolean late) {

        Standing standing() {
            return new Standing(tasks, unsettled, skipped, judgements, minimum, late);
        }
    }

    /// Takes a campaign that is to be closed for a minute; a worker that dies meanwhile loses it to the next, and so it
    /// does where the clock of the database was set back.
    @Transactional
    Optional<Due> claim() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        with claimed as (
                            select id from campaign c
                            where state = 'OPEN'
                              and (next_attempt_at <= now() or next_attempt_at > now() + interval '5 minutes')
                              and (deadline <= now() or not exists (
                                  select 1 from task where project = c.project
                                    and state in ('PREPARING', 'ASKING', 'READY')))
                            order by next_attempt_at limit 1 for no key update skip locked),
                        taken as (
                            update campaign set next_attempt_at = now() + interval '1 minute'
                            from claimed where campaign.id = claimed.id returning campaign.*)
                        """ + STANDING.formatted("taken"))
                .mapTo(Due.class)
                .findOne());
    }

    /// Where an open campaign stands; nothing where it is closed already.
    Optional<Due> standing(String workspace, String campaign) {
        return jdbi.withHandle(handle -> handle.createQuery(STANDING.formatted("campaign")
                        + " where c.workspace = :workspace and c.id = :campaign and c.state = 'OPEN'")
                .bind("workspace", workspace)
                .bind("campaign", campaign)
                .mapTo(Due.class)
                .findOne());
    }

    @Transactional
    void retry(Due campaign, Duration after) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update campaign set next_attempt_at = now() + :seconds * interval '1 second'
                        where id = :id and state = 'OPEN'""")
                .bind("id", campaign.id())
                .bind("seconds", after.toSeconds())
                .execute());
    }

    /// Closes a campaign that is still open, with its data set if there is one, and tells it. What nobody answered is
    /// not asked any more.
    @Transactional
    void close(Due campaign, Closing closing, Freezer.@Nullable Draft draft) {
        jdbi.useHandle(handle -> {
            boolean open = handle.createQuery("select state = 'OPEN' from campaign where id = :id for no key update")
                    .bind("id", campaign.id())
                    .mapTo(boolean.class)
                    .one();
            if (!open) {
                return;
            }
            if (draft != null) {
                freezer.add(draft);
            }
            var dataset = draft == null ? null : draft.dataset().id();
            handle.createUpdate("""
                            update campaign set state = 'CLOSED', outcome = :outcome, dataset = :dataset,
                                   judgements = :judgements, reason = :reason, closed_at = now()
                            where id = :id""")
                    .bind("id", campaign.id())
                    .bind("outcome", closing.outcome().name())
                    .bind("dataset", dataset)
                    .bind("judgements", campaign.judgements())
                    .bind("reason", closing.reason())
                    .execute();
            handle.createUpdate("""
                            with open as (
                                select id from task where project = :project and state in ('PREPARING', 'ASKING', 'READY')
                                order by id for no key update)
                            update task set state = 'SKIPPED', reason = 'campaign-closed',
                                   detail = 'the campaign was closed before anybody answered'
                            from open where task.id = open.id""").bind("project", campaign.project()).execute();
            outbox.tell(new CampaignClosed(
                    campaign.workspace(),
                    campaign.id(),
                    campaign.project(),
                    campaign.model(),
                    closing.outcome(),
                    dataset,
                    campaign.judgements(),
                    closing.reason()));
        });
    }

    /// A campaign as it is listed.
    ///
    /// @param state `OPEN` or `CLOSED`
    /// @param explanation what moved, in the words of the alarm
    /// @param skipped tasks that could not be asked, or that nobody had answered at the end
    /// @param reason why it ended as it did
    record Listed(
            String id,
            String name,
            String model,
            String drift,
            Concern concern,
            String explanation,
            String project,
            String state,
            Instant openedAt,
            Instant deadline,
            int budget,
            int minimum,
            int tasks,
            int done,
            int skipped,
            int judgements,
            @Nullable Outcome outcome,
            @Nullable String dataset,
            @Nullable String reason,
            @Nullable Instant closedAt) {}

    private static final String LISTED = """
            select c.id, c.name, c.model, c.drift, c.concern, c.explanation, c.project, c.state, c.opened_at, c.deadline,
                   c.budget, c.minimum, n.tasks, n.done, n.skipped, coalesce(c.judgements, n.judgements) as judgements,
                   c.outcome, c.dataset, c.reason, c.closed_at
            from campaign c cross join lateral (
                select count(*) as tasks, count(*) filter (where state = 'DONE') as done,
                       count(*) filter (where state = 'SKIPPED') as skipped, coalesce(sum(judged), 0) as judgements
                from task where project = c.project) n
            where c.workspace = :workspace
            """;

    /// The latest first.
    ///
    /// @param model only campaigns for this model, all where it is missing
    /// @param state only `OPEN` or `CLOSED` ones, all where it is missing
    List<Listed> all(String workspace, @Nullable String model, @Nullable String state) {
        return jdbi.withHandle(handle -> handle.createQuery(LISTED + """
                         and (cast(:model as text) is null or c.model = :model)
                         and (cast(:state as text) is null or c.state = :state)
                        order by c.opened_at desc, c.id""")
                .bind("workspace", workspace)
                .bind("model", model)
                .bind("state", state)
                .mapTo(Listed.class)
                .list());
    }

    Optional<Listed> find(String workspace, String campaign) {
        return jdbi.withHandle(handle -> handle.createQuery(LISTED + " and c.id = :campaign")
                .bind("workspace", workspace)
                .bind("campaign", campaign)
                .mapTo(Listed.class)
                .findOne());
    }
}
