package dev.gyre.registry.hub;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;

/// Takes logins that carry the prefix of Hub tokens: `@huggingface/hub` sends no token that begins otherwise.
@ApplicationScoped
class HubTokenConfig {

    private static final String PREFIXED = "Bearer hf_";
    private static final int BEFORE_AUTHENTICATION = 1000;

    void register(@Observes Filters filters) {
        filters.register(HubTokenConfig::unwrap, BEFORE_AUTHENTICATION);
    }

    private static void unwrap(RoutingContext request) {
        var login = request.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (login != null && login.startsWith(PREFIXED)) {
            request.request().headers().set(HttpHeaders.AUTHORIZATION, "Bearer " + login.substring(PREFIXED.length()));
        }
        request.next();
    }
}
