package dev.gyre.edge;

import io.quarkus.security.ForbiddenException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Collection;
import java.util.List;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/// Who is calling, and for which workspace.
@RequestScoped
public class Caller {

    /// Picks one of the caller's workspaces; without it the first counts.
    public static final String WORKSPACE_HEADER = "Gyre-Workspace";

    private final SecurityIdentity identity;
    private final HttpHeaders headers;

    Caller(SecurityIdentity identity, HttpHeaders headers) {
        this.identity = identity;
        this.headers = headers;
    }

    /// The workspace that the request is about.
    ///
    /// @throws NotFoundException if the request names a workspace that is not the caller's
    /// @throws ForbiddenException if the account belongs to no workspace
    public String workspace() {
        var mine = workspaces();
        if (mine.isEmpty()) {
            throw new ForbiddenException(
                    "account %s belongs to no workspace; ask the operator to add one to its attribute 'workspaces'"
                            .formatted(name()));
        }
        var wanted = headers.getHeaderString(WORKSPACE_HEADER);
        return wanted == null ? mine.getFirst() : requireMine(wanted);
    }

    /// The workspace, if it is one of the caller's.
    public String requireMine(String workspace) {
        if (!workspaces().contains(workspace)) {
            throw new NotFoundException("no workspace '%s'".formatted(workspace));
        }
        return workspace;
    }

    public List<String> workspaces() {
        return strings(claim("workspaces"));
    }

    /// The account's stable id.
    public String subject() {
        var subject = claim("sub");
        return subject == null ? name() : text(subject);
    }

    /// The name that people read.
    public String name() {
        var name = claim("preferred_username");
        return name == null ? identity.getPrincipal().getName() : text(name);
    }

    /// What kind of judge the account is: `HUMAN` unless it says otherwise.
    public String kind() {
        return strings(claim("annotator_kind")).stream().findFirst().orElse("HUMAN");
    }

    public boolean has(String role) {
        return identity.hasRole(role);
    }

    private @Nullable Object claim(String name) {
        return identity.getPrincipal() instanceof JsonWebToken token ? token.getClaim(name) : null;
    }

    private static List<String> strings(@Nullable Object claim) {
        return switch (claim) {
            case null -> List.of();
            case JsonArray array -> array.stream().map(Caller::text).toList();
            case Collection<?> values -> values.stream().map(Caller::text).toList();
            default -> List.of(text(claim));
        };
    }

    private static String text(Object value) {
        return value instanceof JsonString string ? string.getString() : value.toString();
    }
}
