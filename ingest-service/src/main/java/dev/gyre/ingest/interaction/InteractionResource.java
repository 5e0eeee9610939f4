package dev.gyre.ingest.interaction;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.Cause;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.InteractionEvent.FeedbackGiven;
import dev.gyre.events.InteractionEvent.InteractionRecorded;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.SampleDocument;
import dev.gyre.ingest.interaction.InteractionStore.Interaction;
import dev.gyre.ingest.sample.DocumentJson;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an app's users asked, what the model said, and what they thought of it.
@Path("/api/interactions")
class InteractionResource {

    private static final String TRAFFIC = "traffic";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
    private static final Pattern MODEL = Pattern.compile("([^@]+)@(\\d{1,9})");
    private static final int LONGEST_PAGE = 1000;

    private final InteractionStore interactions;
    private final ArtifactStore artifacts;
    private final Caller caller;

    InteractionResource(InteractionStore interactions, ArtifactStore artifacts, Caller caller) {
        this.interactions = interactions;
        this.artifacts = artifacts;
        this.caller = caller;
    }

    record NewInteraction(
            @Nullable String id,
            @Nullable String model,
            @Nullable String prompt,
            @Nullable String answer,
            @Nullable String slice,
            @Nullable String subject) {}

    record NewFeedback(
            @Nullable UUID id,
            @Nullable Integer rating,
            @Nullable String comment,
            @Nullable String correction) {}

    record InteractionView(
            String id, String model, String slice, @Nullable String subject, String sha256, Instant recordedAt) {

        static InteractionView of(Interaction interaction) {
            return new InteractionView(
                    interaction.id(),
                    interaction.model(),
                    interaction.slice(),
                    interaction.subject(),
                    interaction.content().sha256(),
                    interaction.recordedAt());
        }
    }

    record InteractionPage(
            List<InteractionView> items, @Nullable String next) {}

    record FeedbackView(
            UUID id,
            int rating,
            @Nullable String comment,
            @Nullable String correction,
            String givenBy,
            Instant givenAt) {}

    record WholeInteraction(InteractionView interaction, SampleDocument content, List<FeedbackView> feedback) {}

    /// Recording the same interaction again changes nothing.
    @POST
    @RolesAllowed({Roles.SERVICE, Roles.ENGINEER, Roles.MANAGER})
    public Response record(@Nullable NewInteraction sent) {
        var wanted = present(sent, "{\"model\":\"assistant@3\",\"prompt\":\"…\",\"answer\":\"…\"}");
        var workspace = caller.workspace();
        var id = wanted.id() == null ? UUID.randomUUID().toString() : wanted.id();
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "id is '%s', must be 1 to 128 of letters, digits and ._:-".formatted(id));
        }
        var model = model(wanted.model());
        var document = new SampleDocument(
                text("prompt", wanted.prompt()), text("answer", wanted.answer()), List.of(), Map.of());
        var slice = wanted.slice() == null || wanted.slice().isBlank()
                ? TRAFFIC
                : wanted.slice().strip();
        var content = artifacts.put(workspace, DocumentJson.write(document));
        var fact = new InteractionRecorded(workspace, id, model, slice, content, wanted.subject());
        var isNew = inStory(id, () -> interactions.record(fact));
        var kept = interactions.find(workspace, id).orElseThrow();
        if (!kept.content().equals(content) || !kept.model().equals(model.toString())) {
            throw new ClientErrorException(
                    "interaction '%s' is known with another text or model; leave out the id to get a new one"
                            .formatted(id),
                    409);
        }
        return Response.status(isNew ? 201 : 200)
                .entity(InteractionView.of(kept))
                .build();
    }

    @GET
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER})
    public InteractionPage page(
            @QueryParam("after") @DefaultValue("0") long after, @QueryParam("limit") @DefaultValue("100") int limit) {
        if (limit < 1 || limit > LONGEST_PAGE) {
            throw new IllegalArgumentException("limit is %d, must be 1 to %d".formatted(limit, LONGEST_PAGE));
        }
        var found = interactions.page(caller.workspace(), after, limit + 1);
        var items = found.stream().limit(limit).toList();
        var next = found.size() > limit ? Long.toString(items.getLast().number()) : null;
        return new InteractionPage(items.stream().map(InteractionView::of).toList(), next);
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Roles.SERVICE, Roles.ENGINEER, Roles.MANAGER})
    public WholeInteraction one(String id) {
        var workspace = caller.workspace();
        var interaction = find(workspace, id);
        var feedback = interactions.feedback(workspace, id).stream()
                .map(given -> new FeedbackView(
                        given.id(),
                        given.rating(),
                        read(given.comment()),
                        read(given.correction()),
                        given.givenBy(),
                        given.givenAt()))
                .toList();
        var content = DocumentJson.read(artifacts.read(interaction.content()));
        return new WholeInteraction(InteractionView.of(interaction), content, feedback);
    }

    /// Sending the same feedback with the same id again changes nothing.
    @POST
    @Path("/{id}/feedback")
    @RolesAllowed({Roles.SERVICE, Roles.ENGINEER, Roles.MANAGER, Roles.ANNOTATOR, Roles.REVIEWER})
    public Response give(String id, @Nullable NewFeedback sent) {
        var wanted = present(sent, "{\"rating\":1}");
        var workspace = caller.workspace();
        var interaction = find(workspace, id);
        if (wanted.rating() == null && wanted.comment() == null && wanted.correction() == null) {
            throw new IllegalArgumentException("feedback needs a rating, a comment or a correction");
        }
        var rating = wanted.rating() == null ? 0 : wanted.rating();
        if (rating < -1 || rating > 1) {
            throw new IllegalArgumentException("rating is %d, must be -1 (bad), 0 or 1 (good)".formatted(rating));
        }
        var feedback = wanted.id() == null ? UUID.randomUUID() : wanted.id();
        var fact = new FeedbackGiven(
                workspace,
                id,
                rating,
                keep(workspace, "comment", wanted.comment()),
                keep(workspace, "correction", wanted.correction()),
                interaction.subject());
        var isNew = inStory(id, () -> interactions.give(feedback, fact, caller.name()));
        return Response.status(isNew ? 201 : 200)
                .entity(Map.of("feedback", feedback))
                .build();
    }

    private static <T> T present(@Nullable T body, String example) {
        if (body == null) {
            throw new IllegalArgumentException("the body is missing; send JSON such as " + example);
        }
        return body;
    }

    /// Everything about an interaction is one story.
    private static boolean inStory(String interaction, java.util.function.BooleanSupplier work) {
        var result = new java.util.concurrent.atomic.AtomicBoolean();
        Cause.outside(interaction).run(() -> result.set(work.getAsBoolean()));
        return result.get();
    }

    private Interaction find(String workspace, String id) {
        return interactions
                .find(workspace, id)
                .orElseThrow(() -> new NotFoundException("no interaction '%s'".formatted(id)));
    }

    private @Nullable ArtifactRef keep(String workspace, String name, @Nullable String text) {
        return text == null ? null : artifacts.put(workspace, text(name, text));
    }

    private @Nullable String read(@Nullable ArtifactRef ref) {
        return ref == null ? null : artifacts.readText(ref);
    }

    private static ModelVersion model(@Nullable String model) {
        var matcher = MODEL.matcher(model == null ? "" : model);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "model is '%s', must be name@number such as assistant@3".formatted(model));
        }
        return new ModelVersion(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    /// Traffic is kept as it was, for that is what the model saw.
    private static String text(String name, @Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("%s is missing or blank".formatted(name));
        }
        return text;
    }
}
