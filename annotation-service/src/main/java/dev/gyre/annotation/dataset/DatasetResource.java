package dev.gyre.annotation.dataset;

import dev.gyre.annotation.project.Projects;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Caller;
import dev.gyre.edge.RequestKey;
import dev.gyre.edge.Roles;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.DatasetEvent.Doubt;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Purpose;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Data sets over HTTP.
@Path("/api")
class DatasetResource {

    private final Freezer freezer;
    private final DatasetStore datasets;
    private final Projects projects;
    private final ArtifactStore artifacts;
    private final Caller caller;
    private final RequestKey key;

    DatasetResource(
            Freezer freezer,
            DatasetStore datasets,
            Projects projects,
            ArtifactStore artifacts,
            Caller caller,
            RequestKey key) {
        this.freezer = freezer;
        this.datasets = datasets;
        this.projects = projects;
        this.artifacts = artifacts;
        this.caller = caller;
        this.key = key;
    }

    record Freeze(
            @Nullable Double heldOutShare,
            @Nullable Long seed,
            @Nullable String purpose,
            @Nullable String name,
            @Nullable String kind) {}

    /// A data set as it is listed.
    ///
    /// @param train rows to learn from
    /// @param heldOut rows to be examined on
    /// @param judgements how many judgements are in it
    /// @param tainted judgements in it that were withdrawn later
    /// @param doubts annotators whose judgements in it are in doubt
    record Listed(
            String dataset,
            String project,
            String name,
            Kind kind,
            Purpose purpose,
            long seed,
            double heldOutShare,
            int train,
            int heldOut,
            String merkleRoot,
            int judgements,
            Map<String, Integer> skipped,
            List<String> tainted,
            @Nullable String campaign,
            @Nullable String model,
            List<Doubt> doubts,
            Instant createdAt) {

        static Listed of(Dataset dataset, List<String> tainted) {
            return new Listed(
                    dataset.id(),
                    dataset.project(),
                    dataset.name(),
                    dataset.kind(),
                    dataset.purpose(),
                    dataset.seed(),
                    dataset.heldOutShare(),
                    dataset.train().count(),
                    dataset.heldOut().count(),
                    dataset.merkleRoot(),
                    dataset.judgementCount(),
                    dataset.skipped(),
                    tainted,
                    dataset.campaign(),
                    dataset.model(),
                    dataset.doubts(),
                    dataset.createdAt());
        }
    }

    /// Freezes the judgements of this moment; the same `Idempotency-Key` again gets the same data set.
    @POST
    @Path("projects/{id}/datasets")
    @RolesAllowed(Roles.MANAGER)
    public Response freeze(String id, @Nullable Freeze wanted) {
        var freeze = wanted == null ? new Freeze(null, null, null, null, null) : wanted;
        var project = projects.require(caller.workspace(), id);
        var split = new HeldOutSplit(
                Objects.requireNonNullElse(freeze.seed(), 0L), Objects.requireNonNullElse(freeze.heldOutShare(), 0.2));
        var name = freeze.name() == null || freeze.name().isBlank()
                ? project.name()
                : freeze.name().strip();
        var frozen = key.id();
        var before = datasets.find(project.workspace(), frozen);
        if (before.isPresent()) {
            return Response.ok(listed(before.get())).build();
        }
        var draft =
                freezer.draft(project, new Freezer.Order(
                        frozen, name, kind(freeze.kind()), purpose(freeze.purpose()), split, null, null));
        freezer.add(draft);
        var dataset = draft.dataset();
        return Response.created(URI.create("/api/datasets/" + dataset.id()))
                .entity(Listed.of(dataset, List.of()))
                .build();
    }

    private static @Nullable Kind kind(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "kind is '%s', must be one of %s".formatted(name, Arrays.toString(Kind.values()))));
    }

    private static Purpose purpose(@Nullable String name) {
        if (name == null) {
            return Purpose.TRAINING;
        }
        return Arrays.stream(Purpose.values())
                .filter(purpose -> purpose.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "purpose is '%s', must be one of %s".formatted(name, Arrays.toString(Purpose.values()))));
    }

    @GET
    @Path("datasets")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER, Roles.PUBLISHER})
    public List<Listed> all() {
        return datasets.all(caller.workspace()).stream().map(this::listed).toList();
    }

    @GET
    @Path("datasets/{id}")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER, Roles.PUBLISHER})
    public Listed one(String id) {
        return listed(datasets.require(caller.workspace(), id));
    }

    /// The rows of one part, one JSON object per line.
    @GET
    @Path("datasets/{id}/rows")
    @Produces("application/jsonl")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public StreamingOutput rows(String id, @QueryParam("part") @Nullable String part) {
        var dataset = datasets.require(caller.workspace(), id);
        return switch (part) {
            case "train" -> stream(dataset.train().rows());
            case "heldOut" -> stream(dataset.heldOut().rows());
            case null, default ->
                throw new IllegalArgumentException("part is '%s', must be train or heldOut".formatted(part));
        };
    }

    /// The ids of the judgements in the order of the Merkle root, one per line.
    @GET
    @Path("datasets/{id}/judgements")
    @Produces(MediaType.TEXT_PLAIN)
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER, Roles.PUBLISHER})
    public StreamingOutput judgements(String id) {
        return stream(datasets.require(caller.workspace(), id).judgements());
    }

    private StreamingOutput stream(ArtifactRef ref) {
        return out -> {
            try (var in = artifacts.open(ref)) {
                in.transferTo(out);
            }
        };
    }

    private Listed listed(Dataset dataset) {
        return Listed.of(dataset, datasets.tainted(dataset.id()));
    }
}
