package dev.gyre.eval.suite;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.DatasetEvent.Doubt;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Purpose;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shows on what models are examined.
@Path("/api/suites")
@RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
class SuiteResource {

    private final Caller caller;
    private final SuiteStore suites;

    SuiteResource(Caller caller, SuiteStore suites) {
        this.caller = caller;
        this.suites = suites;
    }

    /// @param suite id of the data set
    /// @param rows rows held out
    /// @param doubts annotators whose judgements in it are in doubt: what learned from them does not pass, and it guards nothing
    record SuiteView(
            String suite,
            String name,
            Kind kind,
            Purpose purpose,
            int rows,
            String merkleRoot,
            List<Doubt> doubts,
            @Nullable String tainted,
            Instant arrivedAt) {

        static SuiteView of(Suite suite) {
            var frozen = suite.frozen();
            return new SuiteView(
                    frozen.dataset(),
                    frozen.name(),
                    frozen.kind(),
                    frozen.purpose(),
                    frozen.heldOut().count(),
                    frozen.merkleRoot(),
                    frozen.doubts(),
                    suite.tainted(),
                    suite.arrivedAt());
        }
    }

    @GET
    public List<SuiteView> list() {
        return suites.list(caller.workspace()).stream().map(SuiteView::of).toList();
    }

    @GET
    @Path("{suite}")
    public SuiteView one(String suite) {
        return suites.find(caller.workspace(), suite)
                .map(SuiteView::of)
                .orElseThrow(() -> new NotFoundException(
                        "no suite '%s'; a data set becomes one soon after it was frozen".formatted(suite)));
    }
}
