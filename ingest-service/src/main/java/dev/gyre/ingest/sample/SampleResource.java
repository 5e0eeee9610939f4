package dev.gyre.ingest.sample;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.SampleDocument;
import dev.gyre.ingest.sample.SampleStore.Sample;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The accepted samples, page by page, and each with its text.
@Path("/api/samples")
class SampleResource {

    private static final int LONGEST_PAGE = 1000;

    private final SampleStore samples;
    private final ArtifactStore artifacts;
    private final Caller caller;

    SampleResource(SampleStore samples, ArtifactStore artifacts, Caller caller) {
        this.samples = samples;
        this.artifacts = artifacts;
        this.caller = caller;
    }

    record SampleView(
            UUID id,
            String externalId,
            UUID source,
            UUID upload,
            long row,
            String slice,
            @Nullable String subject,
            String sha256,
            long bytes,
            Instant acceptedAt) {

        static SampleView of(Sample sample) {
            return new SampleView(
                    sample.id(),
                    sample.externalId(),
                    sample.source(),
                    sample.upload(),
                    sample.atRow(),
                    sample.slice(),
                    sample.subject(),
                    sample.content().sha256(),
                    sample.content().bytes(),
                    sample.acceptedAt());
        }
    }

    /// @param next what to send as `after` for the page that follows, nothing on the last page
    record SamplePage(List<SampleView> items, @Nullable String next) {}

    record WholeSample(@JsonUnwrapped SampleView sample, SampleDocument content) {}

    @GET
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER})
    public SamplePage page(
            @QueryParam("source") @Nullable UUID source,
            @QueryParam("after") @DefaultValue("0") long after,
            @QueryParam("limit") @DefaultValue("100") int limit) {
        if (limit < 1 || limit > LONGEST_PAGE) {
            throw new IllegalArgumentException("limit is %d, must be 1 to %d".formatted(limit, LONGEST_PAGE));
        }
        var found = samples.page(caller.workspace(), source, after, limit + 1);
        var items = found.stream().limit(limit).toList();
        var next = found.size() > limit ? Long.toString(items.getLast().number()) : null;
        return new SamplePage(items.stream().map(SampleView::of).toList(), next);
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER})
    public WholeSample one(UUID id) {
        var sample = samples.find(caller.workspace(), id)
                .orElseThrow(() -> new NotFoundException("no sample '%s'".formatted(id)));
        return new WholeSample(SampleView.of(sample), DocumentJson.read(artifacts.read(sample.content())));
    }
}
