package dev.gyre.eval.answer;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.eval.model.LoadedModelStore;
import dev.gyre.eval.model.NoPlace;
import dev.gyre.eval.model.UnusableModel;
import dev.gyre.eval.model.VersionStore;
import dev.gyre.events.ModelVersion;
import dev.gyre.llm.model.Classified;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Lets people have texts labelled by a registered classifier.
@Path("/api/models/{model}/labels")
@RolesAllowed({Roles.ENGINEER, Roles.ANNOTATOR, Roles.MANAGER})
class LabelResource {

    private static final int MOST_CHARACTERS = 100_000;

    private final Caller caller;
    private final AnswerConfig config;
    private final VersionStore versions;
    private final LoadedModelStore models;

    LabelResource(Caller caller, AnswerConfig config, VersionStore versions, LoadedModelStore models) {
        this.caller = caller;
        this.config = config;
        this.versions = versions;
        this.models = models;
    }

    record Texts(@Nullable List<@Nullable String> texts) {}

    /// @param scores probability of every label that the model knows
    record Labelled(String label, Map<String, Double> scores) {

        static Labelled of(Classified classified) {
            return new Labelled(classified.label(), classified.probabilities());
        }
    }

    /// @param labels in the order of the texts
    record Labels(ModelVersion model, List<Labelled> labels) {}

    /// @param model `comments@3`, `comments@champion`, or `comments` for its champion
    @POST
    public Labels label(@PathParam("model") String model, @Nullable Texts texts) {
        var checked = checked(texts);
        var version = versions.resolve(caller.workspace(), model)
                .orElseThrow(() -> new NotFoundException(
                        "no model '%s' here; GET /api/models lists the versions and where their aliases point"
                                .formatted(model)));
        try {
            return models.withClassifier(
                    version,
                    classifier -> new Labels(
                            version.model(),
                            classifier.classify(checked).stream().map(Labelled::of).toList()));
        } catch (UnusableModel broken) {
            throw new ClientErrorException(broken.getMessage(), Response.Status.CONFLICT, broken);
        } catch (NoPlace busy) {
            throw new ServiceUnavailableException(busy.getMessage());
        }
    }

    private List<String> checked(@Nullable Texts asked) {
        if (asked == null || asked.texts() == null) {
            throw new IllegalArgumentException("send a JSON object with 'texts'");
        }
        var texts = asked.texts();
        if (texts.isEmpty() || texts.size() > config.promptsAtMost()) {
            throw new IllegalArgumentException(
                    "texts has %d entries, must have 1 to %d".formatted(texts.size(), config.promptsAtMost()));
        }
        for (var index = 0; index < texts.size(); index++) {
            var text = texts.get(index);
            if (text == null || text.length() > MOST_CHARACTERS) {
                throw new IllegalArgumentException(
                        "texts[%d] is missing or longer than %d characters".formatted(index, MOST_CHARACTERS));
            }
        }
        return texts.stream().map(Objects::requireNonNull).toList();
    }
}
