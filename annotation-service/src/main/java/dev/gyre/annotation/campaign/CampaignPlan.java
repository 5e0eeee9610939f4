package dev.gyre.annotation.campaign;

import dev.gyre.annotation.dataset.HeldOutSplit;
import dev.gyre.annotation.project.Answering;
import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.Question;
import dev.gyre.events.DriftEvent.Concern;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// What happens when a model drifts: who is asked what, how much, and until when.
///
/// @param name campaigns bear it with a number
/// @param budget most judgements that are asked for
/// @param minimum fewest judgements that are worth a data set
/// @param seed draws the held-out part
/// @param concerns which drifts open a campaign
/// @param candidates which model answers, only where pairs are compared
public record CampaignPlan(
        String workspace,
        String model,
        String name,
        @Json Question question,
        String guidelines,
        int answersPerItem,
        @Json @Nullable Answering candidates,
        int budget,
        int minimum,
        int deadlineMinutes,
        double heldOutShare,
        long seed,
        @Json List<Concern> concerns) {

    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}");
    private static final int LONGEST_NAME = 180;
    private static final int MOST_JUDGEMENTS = 100_000;
    private static final int YEAR_MINUTES = 366 * 24 * 60;

    public CampaignPlan {
        concerns = List.copyOf(concerns);
        require(
                MODEL.matcher(model).matches(),
                "model is '%s', must be a name of letters, digits and ._- such as 'assistant'",
                model);
        require(
                !name.isBlank() && name.length() <= LONGEST_NAME,
                "name has %d characters, must have 1 to %d",
                name.length(),
                LONGEST_NAME);
        require(!concerns.isEmpty(), "concerns is empty, must name one or more of INPUT, OUTPUT, QUALITY");
        require(
                deadlineMinutes >= 1 && deadlineMinutes <= YEAR_MINUTES,
                "deadlineMinutes is %d, must be 1 to %d",
                deadlineMinutes,
                YEAR_MINUTES);
        asProject(workspace, "plan", name, question, guidelines, answersPerItem, candidates);
        require(
                budget >= answersPerItem && budget <= MOST_JUDGEMENTS,
                "budget is %d, must be %d (one task) to %d judgements",
                budget,
                answersPerItem,
                MOST_JUDGEMENTS);
        int most = budget / answersPerItem * answersPerItem;
        require(
                minimum >= 1 && minimum <= most,
                "minimum is %d, must be 1 to %d, the judgements that the budget allows",
                minimum,
                most);
        new HeldOutSplit(seed, heldOutShare);
    }

    /// How many things people are asked about at most.
    int tasks() {
        return budget / answersPerItem;
    }

    HeldOutSplit split() {
        return new HeldOutSplit(seed, heldOutShare);
    }

    /// The project of a campaign: its samples come from a source of its own.
    Project project(String campaign, String called) {
        return asProject(workspace, "campaign:" + campaign, called, question, guidelines, answersPerItem, candidates);
    }

    private static Project asProject(
            String workspace,
            String source,
            String name,
            Question question,
            String guidelines,
            int answersPerItem,
            @Nullable Answering candidates) {
        return new Project(
                UUID.randomUUID().toString(),
                workspace,
                name,
                source,
                List.of(question),
                answersPerItem,
                candidates,
                guidelines,
                1,
                1,
                Project.LEASE_SECONDS,
                true,
                Instant.now().truncatedTo(ChronoUnit.MICROS));
    }

    private static void require(boolean holds, String otherwise, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise.formatted(values));
        }
    }
}
