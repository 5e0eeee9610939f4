package dev.gyre.eval.answer;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.eval.model.KnownVersion;
import dev.gyre.eval.model.LoadedModelStore;
import dev.gyre.eval.model.NoPlace;
import dev.gyre.eval.model.UnusableModel;
import dev.gyre.eval.model.VersionStore;
import dev.gyre.events.ModelVersion;
import dev.gyre.llm.model.Sampling;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Lets people ask a registered model.
@Path("/api/answers")
@RolesAllowed({Roles.ENGINEER, Roles.ANNOTATOR, Roles.MANAGER})
class AnswerResource {

    private static final int MOST_CHARACTERS = 100_000;

    private final Caller caller;
    private final AnswerConfig config;
    private final VersionStore versions;
    private final LoadedModelStore models;

    AnswerResource(Caller caller, AnswerConfig config, VersionStore versions, LoadedModelStore models) {
        this.caller = caller;
        this.config = config;
        this.versions = versions;
        this.models = models;
    }

    /// @param model `assistant@3`, `assistant@champion`, or `assistant` for its champion
    /// @param maxNewTokens 128 where it is missing
    /// @param temperature 0, the most likely token each time, where it is missing
    /// @param seed 0 where it is missing; the same request gives the same answers
    record Question(
            @Nullable String model,
            @Nullable List<String> prompts,
            @Nullable Integer maxNewTokens,
            @Nullable Double temperature,
            @Nullable Long seed) {}

    record Answer(String prompt, String text) {}

    record Answers(ModelVersion model, List<Answer> answers) {}

    @POST
    public Answers ask(@Nullable Question question) {
        if (question == null || question.model() == null || question.prompts() == null) {
            throw new IllegalArgumentException("send a JSON object with 'model' and 'prompts'");
        }
        var prompts = checked(question.prompts());
        var sampling = sampling(question);
        var version = find(question.model());
        try {
            return models.with(
                    version,
                    model -> new Answers(version.model(), answers(prompts, model.generate(prompts, sampling))));
        } catch (UnusableModel broken) {
            throw new ClientErrorException(broken.getMessage(), Response.Status.CONFLICT, broken);
        } catch (NoPlace busy) {
            throw new ServiceUnavailableException(busy.getMessage());
        }
    }

    private static List<Answer> answers(List<String> prompts, List<String> texts) {
        return IntStream.range(0, prompts.size())
                .mapToObj(index -> new Answer(prompts.get(index), texts.get(index)))
                .toList();
    }

    private Sampling sampling(Question question) {
        var tokens = question.maxNewTokens() == null ? 128 : question.maxNewTokens();
        if (tokens > config.newTokensAtMost()) {
            throw new IllegalArgumentException(
                    "maxNewTokens is %d, must be at most %d".formatted(tokens, config.newTokensAtMost()));
        }
        return Sampling.drawn(
                tokens,
                question.temperature() == null ? 0 : question.temperature(),
                question.seed() == null ? 0 : question.seed());
    }

    private List<String> checked(List<String> prompts) {
        if (prompts.isEmpty() || prompts.size() > config.promptsAtMost()) {
            throw new IllegalArgumentException(
                    "prompts has %d entries, must have 1 to %d".formatted(prompts.size(), config.promptsAtMost()));
        }
        for (var index = 0; index < prompts.size(); index++) {
            var prompt = prompts.get(index);
            if (prompt == null || prompt.isBlank() || prompt.length() > MOST_CHARACTERS) {
                throw new IllegalArgumentException(
                        "prompts[%d] is empty or longer than %d characters".formatted(index, MOST_CHARACTERS));
            }
        }
        return prompts;
    }

    private KnownVersion find(String model) {
        return versions.resolve(caller.workspace(), model)
                .orElseThrow(() -> new NotFoundException(
                        "no model '%s' here; GET /api/models lists the versions and where their aliases point"
                                .formatted(model)));
    }
}
