package dev.gyre.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.logging.Log;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Answers every failure of a request as problem+json.
class ProblemMapper {

    /// SQL states of a database that does not answer (08), is being stopped or started (57P), or has no room, no memory
    /// or no connection left (53).
    private static final Pattern DATABASE_AWAY = Pattern.compile("(08|57P|53).*");

    /// What a full disk says on Linux and macOS.
    private static final String NO_ROOM = "No space left on device";

    @ServerExceptionMapper
    Response refused(WebApplicationException refusal) {
        if (refusal.getCause() instanceof JsonProcessingException broken) {
            return unreadable(broken);
        }
        var response = refusal.getResponse();
        if (response.hasEntity() || response.getStatus() < 400) {
            return response;
        }
        return Response.fromResponse(response)
                .type(Problem.MEDIA_TYPE)
                .entity(Problem.of(response.getStatus(), String.valueOf(refusal.getMessage())))
                .build();
    }

    @ServerExceptionMapper
    Response wrong(IllegalArgumentException wrong) {
        return Problem.of(400, String.valueOf(wrong.getMessage())).response();
    }

    @ServerExceptionMapper({JsonProcessingException.class, MismatchedInputException.class})
    Response unreadable(JsonProcessingException broken) {
        var where = broken instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                        .collect(Collectors.joining("."))
                : "";
        return Problem.of(
                        400,
                        "the JSON of the request does not fit%s: %s"
                                .formatted(where.isEmpty() ? "" : " at '" + where + "'", broken.getOriginalMessage()))
                .response();
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException forbidden) {
        var detail = forbidden.getMessage() == null
                ? "your account lacks the role for this; ask the operator for it"
                : forbidden.getMessage();
        return Problem.of(403, detail).response();
    }

    @ServerExceptionMapper
    Uni<Response> nobody(UnauthorizedException nobody, RoutingContext request) {
        return challenge(request);
    }

    @ServerExceptionMapper
    Uni<Response> expired(AuthenticationFailedException expired, RoutingContext request) {
        return challenge(request);
    }

    /// What our libraries throw when a store that they need does not answer.
    @ServerExceptionMapper
    Response away(UncheckedIOException outage) {
        return unavailable(outage);
    }

    /// A disk that takes or gives nothing.
    @ServerExceptionMapper
    Response away(IOException outage) {
        return unavailable(outage);
    }

    private static Response unavailable(Exception outage) {
        var said = String.valueOf(outage.getMessage());
        var cause = outage.getCause() == null ? "" : String.valueOf(outage.getCause().getMessage());
        var reason = said.contains(cause) ? said : said + ": " + cause;
        Log.warnf("request waits for a store reason=%s", reason);
        var advice = reason.contains(NO_ROOM) ? "make room on that disk, then try again" : "try again later";
        return Problem.of(503, "%s; %s".formatted(reason, advice)).response();
    }

    @ServerExceptionMapper
    Response broken(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException database
                    && DATABASE_AWAY.matcher(String.valueOf(database.getSQLState())).matches()) {
                return unavailable(new IOException("the database takes nothing: " + database.getMessage()));
            }
        }
        var id = UUID.randomUUID();
        Log.errorf(failure, "request failed problem=%s", id);
        return Problem.of(500, "something broke on our side; the log has it under %s".formatted(id))
                .response();
    }

    /// An app is told to log in, a person at a page is taken to the login.
    private static Uni<Response> challenge(RoutingContext request) {
        var missing = Problem.of(
                        401,
                        "the login is missing or has expired; send 'Authorization: Bearer TOKEN' with a fresh token")
                .response();
        HttpAuthenticator authenticator = request.get(HttpAuthenticator.class.getName());
        if (authenticator == null || isForApps(request)) {
            return Uni.createFrom()
                    .item(Response.fromResponse(missing)
                            .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                            .build());
        }
        return authenticator.getChallenge(request).map(challenge -> {
            if (challenge == null || challenge.status == 401) {
                return missing;
            }
            var answer = Response.status(challenge.status);
            challenge.getHeaders().forEach((name, value) -> answer.header(name.toString(), value));
            return answer.build();
        });
    }

    private static boolean isForApps(RoutingContext request) {
        var accept = request.request().getHeader(HttpHeaders.ACCEPT);
        return request.normalizedPath().startsWith("/api/") || accept == null || !accept.contains("text/html");
    }
}
