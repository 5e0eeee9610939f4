package dev.gyre.registry.deadletter;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.registry.deadletter.DeadLetter.Group;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Dead letters over HTTP: see them by their reason, and send them again once the cause is mended.
@Path("/api/dead-letters")
@RolesAllowed(Roles.OPERATOR)
class DeadLetterResource {

    private final DeadLetterStore letters;
    private final Caller caller;

    DeadLetterResource(DeadLetterStore letters, Caller caller) {
        this.letters = letters;
        this.caller = caller;
    }

    record Waiting(List<Group> groups) {}

    /// Which group is meant, as it is listed.
    record Which(
            @Nullable String topic,
            @Nullable String consumer,
            @Nullable String kind) {}

    record Redriven(int redriven) {}

    @GET
    public Waiting waiting() {
        return new Waiting(letters.groups(caller.workspace()));
    }

    /// Sends one letter to the consumer that could not handle it; a second time does nothing.
    @POST
    @Path("{id}/redrive")
    public DeadLetter redrive(@PathParam("id") long id) {
        return letters.redrive(caller.workspace(), id, caller.name())
                .orElseThrow(() -> new NotFoundException(
                        "no dead letter '%d'; GET /api/dead-letters lists them".formatted(id)));
    }

    /// Sends every letter of a group.
    @POST
    @Path("redrive")
    public Redriven redriveGroup(@Nullable Which which) {
        if (which == null || which.topic() == null || which.consumer() == null || which.kind() == null) {
            throw new IllegalArgumentException(
                    "the body must be {topic, consumer, kind}, as GET /api/dead-letters says them");
        }
        return new Redriven(letters.redrive(
                caller.workspace(), which.topic(), which.consumer(), which.kind(), caller.name()));
    }
}
