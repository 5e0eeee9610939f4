package dev.gyre.eval.scorecard;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.eval.measure.Comparison;
import dev.gyre.eval.model.LoadedModelStore;
import dev.gyre.eval.model.NoPlace;
import dev.gyre.eval.model.UnusableModel;
import dev.gyre.eval.model.VersionStore;
import dev.gyre.eval.suite.SuiteStore;
import dev.gyre.events.ModelVersion;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Measures any version on any suite, for people who compare; no verdict follows from it and no fact is told.
@Path("/api/measurements")
@RolesAllowed({Roles.ENGINEER, Roles.MANAGER})
class MeasurementResource {

    private final Caller caller;
    private final VersionStore versions;
    private final SuiteStore suites;
    private final LoadedModelStore models;
    private final SuiteReader reader;
    private final ExaminationConfig config;

    MeasurementResource(
            Caller caller,
            VersionStore versions,
            SuiteStore suites,
            LoadedModelStore models,
            ArtifactStore artifacts,
            ExaminationConfig config) {
        this.caller = caller;
        this.versions = versions;
        this.suites = suites;
        this.models = models;
        this.reader = new SuiteReader(artifacts, config.rows());
        this.config = config;
    }

    /// @param model `assistant@3`, `assistant@champion`, or `assistant` for its champion
    /// @param suite id of a data set
    record Wish(@Nullable String model, @Nullable String suite) {}

    /// @param slice `all` for the whole
    record Figure(String slice, String metric, double value, int rows) {

        static Figure of(Comparison comparison) {
            return new Figure(
                    comparison.slice(), comparison.metric().id(), comparison.candidate(), comparison.rows());
        }
    }

    /// @param leftOut rows that the model could not read to their end
    record Measurement(ModelVersion model, String suite, int leftOut, List<Figure> figures) {}

    @POST
    public Measurement measure(@Nullable Wish wish) {
        if (wish == null || wish.model() == null || wish.suite() == null) {
            throw new IllegalArgumentException("send a JSON object with 'model', such as assistant@3, and 'suite'");
        }
        var version = versions.resolve(caller.workspace(), wish.model())
                .orElseThrow(() -> new NotFoundException(
                        "no model '%s' here; GET /api/models lists the versions".formatted(wish.model())));
        var suite = suites.find(caller.workspace(), wish.suite())
                .orElseThrow(() -> new NotFoundException(
                        "no suite '%s' here; GET /api/suites lists them".formatted(wish.suite())));
        try {
            var measured = models.withAny(version, model -> reader.read(suite, model, rows -> {}))
                    .beside(null);
            return new Measurement(
                    version.model(),
                    wish.suite(),
                    measured.leftOut(),
                    measured.comparisons(config.bootstrap()).stream()
                            .map(Figure::of)
                            .toList());
        } catch (UnusableModel | UselessModel broken) {
            throw new ClientErrorException(broken.getMessage(), Response.Status.CONFLICT, broken);
        } catch (NoPlace busy) {
            throw new ServiceUnavailableException(busy.getMessage());
        }
    }
}
