package dev.gyre.registry.activity;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.registry.activity.ActivityStore.Filter;
import dev.gyre.registry.activity.ActivityStore.Trail;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Tells what happens: as a list, as a stream, and as counts.
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.OPERATOR, Roles.ENGINEER, Roles.MANAGER, Roles.PUBLISHER})
class ActivityResource {

    private static final Duration BEAT = Duration.ofMillis(400);
    private static final int PAGE = 500;

    private final Caller caller;
    private final ActivityStore activities;

    ActivityResource(Caller caller, ActivityStore activities) {
        this.caller = caller;
        this.activities = activities;
    }

    /// @param next what to pass as `after` for what comes then
    record Page(List<Activity> items, long next) {}

    @GET
    @Path("activity")
    public Page list(
            @QueryParam("after") @DefaultValue("0") long after,
            @QueryParam("last") @DefaultValue("0") int last,
            @QueryParam("limit") @DefaultValue("500") int limit,
            @QueryParam("correlation") @Nullable String correlation,
            @QueryParam("trace") @Nullable String trace,
            @QueryParam("topic") @Nullable String topic,
            @QueryParam("type") @Nullable String type) {
        if (topic != null) {
            Topics.kind(topic);
        }
        requireCount("limit", limit, 1);
        requireCount("last", last, 0);
        var workspace = caller.workspace();
        var wanted = new Filter(correlation, trace, topic, type);
        var items = last > 0
                ? activities.last(workspace, wanted, last)
                : activities.after(workspace, after, wanted, limit);
        return new Page(items, items.isEmpty() ? after : items.getLast().id());
    }

    private static void requireCount(String name, int count, int least) {
        if (count < least || count > 5000) {
            throw new IllegalArgumentException("%s is %d, must be %d to 5000".formatted(name, count, least));
        }
    }

    @GET
    @Path("activity/counts")
    public Map<String, Long> counts() {
        return activities.counts(caller.workspace());
    }

    /// Reads the whole trail again and says whether anybody has edited it.
    @GET
    @Path("activity/trail")
    @RolesAllowed(Roles.OPERATOR)
    public Trail trail() {
        return activities.trail(caller.workspace());
    }

    /// Every fact from an id on, as it arrives; a browser that was cut off goes on where it was.
    @GET
    @Path("activity/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> stream(
            @QueryParam("after") @DefaultValue("0") long after,
            @QueryParam("correlation") @Nullable String correlation,
            @QueryParam("trace") @Nullable String trace,
            @HeaderParam("Last-Event-ID") @Nullable String lastEvent,
            @Context Sse sse) {
        var workspace = caller.workspace();
        var wanted = new Filter(correlation, trace, null, null);
        var position = new AtomicLong(lastEvent == null ? after : position(lastEvent));
        return Multi.createFrom()
                .ticks()
                .every(BEAT)
                .onOverflow()
                .drop()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .onItem()
                .transformToIterable(beat -> next(workspace, position, wanted))
                .map(activity -> sse.newEventBuilder()
                        .id(Long.toString(activity.id()))
                        .mediaType(MediaType.APPLICATION_JSON_TYPE)
                        .data(Activity.class, activity)
                        .reconnectDelay(1000)
                        .build());
    }

    private List<Activity> next(String workspace, AtomicLong position, Filter wanted) {
        var page = activities.after(workspace, position.get(), wanted, PAGE);
        if (!page.isEmpty()) {
            position.set(page.getLast().id());
        }
        return page;
    }

    private static long position(String lastEvent) {
        try {
            return Long.parseLong(lastEvent);
        } catch (NumberFormatException broken) {
            throw new IllegalArgumentException(
                    "Last-Event-ID is '%s', must be the id of an event of this stream".formatted(lastEvent), broken);
        }
    }
}
