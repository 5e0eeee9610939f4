package dev.gyre.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// Lets every caller ask so much and no more, so that one who asks too often does not keep the others waiting.
///
/// Each instance counts for itself. Health, figures and files of pages are not counted.
@Singleton
class RequestRate {

    private static final Duration FORGOTTEN = Duration.ofMinutes(10);
    private static final int MOST_CALLERS = 100_000;

    /// Asked late: filters are made while the service is built, when there is no configuration yet.
    private final Provider<RequestConfig> config;
    private final CurrentIdentityAssociation identities;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .expireAfterAccess(FORGOTTEN)
            .maximumSize(MOST_CALLERS)
            .build();

    RequestRate(Provider<RequestConfig> config, CurrentIdentityAssociation identities) {
        this.config = config;
        this.identities = identities;
    }

    @ServerRequestFilter
    Uni<@Nullable Response> limit(HttpServerRequest request) {
        return identities
                .getDeferredIdentity()
                .onItem()
                .transform(identity -> caller(identity, request))
                // A login that cannot be read is refused later, by those who know why.
                .onFailure()
                .recoverWithItem(() -> address(request))
                .map(this::take);
    }

    private @Nullable Response take(String caller) {
        var taken = buckets.get(caller, unknown -> bucket()).tryConsumeAndReturnRemaining(1);
        if (taken.isConsumed()) {
            return null;
        }
        var seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(taken.getNanosToWaitForRefill() + 999_999_999));
        var problem = Problem.of(
                429,
                "more than %d requests a second of one caller; try again after %d s, or raise gyre.requests.per-second (and gyre.requests.burst, %d)"
                        .formatted(config.get().perSecond(), seconds, config.get().burst()));
        return Response.fromResponse(problem.response())
                .header(HttpHeaders.RETRY_AFTER, seconds)
                .build();
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(config.get().burst()).refillGreedy(config.get().perSecond(), Duration.ofSeconds(1)))
                // Immune to a clock that jumps.
                .withNanosecondPrecision()
                .build();
    }

    private static String caller(SecurityIdentity identity, HttpServerRequest request) {
        return identity.isAnonymous()
                ? address(request)
                : "account " + identity.getPrincipal().getName();
    }

    private static String address(HttpServerRequest request) {
        var address = request.remoteAddress();
        return "address " + (address == null ? "unknown" : address.hostAddress());
    }
}
