package dev.gyre.registry.promotion;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.registry.promotion.PromotionStore.Alias;
import dev.gyre.registry.promotion.PromotionStore.Refused;
import dev.gyre.registry.version.VersionStore;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/// Lets publishers go back to a former champion and move aliases.
@Path("/api/registry")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.PUBLISHER)
class PromotionResource {

    private final Caller caller;
    private final PromotionStore promotions;
    private final VersionStore versions;

    PromotionResource(Caller caller, PromotionStore promotions, VersionStore versions) {
        this.caller = caller;
        this.promotions = promotions;
        this.versions = versions;
    }

    record RollBack(@Nullable Integer to, @Nullable String reason) {}

    record Crowned(String name, int champion) {}

    record Pointing(@Nullable Integer version) {}

    @POST
    @Path("models/{name}/rollback")
    public Crowned rollBack(@PathParam("name") String name, @Nullable RollBack wanted) {
        if (wanted == null
                || wanted.to() == null
                || wanted.reason() == null
                || wanted.reason().isBlank()) {
            throw new IllegalArgumentException("a roll-back needs {\"to\": VERSION, \"reason\": \"why\"}");
        }
        var workspace = caller.workspace();
        requireVersion(workspace, name, wanted.to());
        try {
            var champion = promotions.rollBack(workspace, name, wanted.to(), caller.name(), wanted.reason());
            return new Crowned(name, champion.number());
        } catch (Refused refused) {
            throw new ClientErrorException(refused.getMessage(), 409);
        }
    }

    @PUT
    @Path("models/{name}/aliases/{alias}")
    public Alias point(@PathParam("name") String name, @PathParam("alias") String alias, @Nullable Pointing wanted) {
        AliasRule.require(alias);
        if (wanted == null || wanted.version() == null) {
            throw new IllegalArgumentException("an alias needs {\"version\": NUMBER}");
        }
        var workspace = caller.workspace();
        requireVersion(workspace, name, wanted.version());
        return promotions.point(workspace, name, alias, wanted.version(), caller.name());
    }

    private void requireVersion(String workspace, String name, int number) {
        if (versions.find(workspace, name, number).isEmpty()) {
            throw new NotFoundException(
                    "no version %s@%d; GET /api/registry/models/%s lists them".formatted(name, number, name));
        }
    }
}
