package dev.gyre.eval.model;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.eval.model.OpenModels.Loan;
import dev.gyre.eval.model.OpenModels.Open;
import dev.gyre.events.ModelVersion;
import dev.gyre.llm.model.Encoder;
import dev.gyre.llm.model.LanguageModel;
import dev.gyre.llm.model.OpenModel;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/// Opens registered versions and keeps the last few open.
@ApplicationScoped
public class LoadedModelStore {

    private final CheckpointCache files;
    private final OpenModels<Key, OpenModel> open;
    private final String device;

    LoadedModelStore(ModelConfig config, ArtifactStore artifacts) {
        this.files = new CheckpointCache(
                config.cache(), config.cacheBytes(), (file, path) -> artifacts.fetch(file.content(), path));
        this.open = new OpenModels<>(config.open(), config.openBytes(), config.patience(), OpenModel::close);
        this.device = config.device();
    }

    /// A version of a workspace: the same number elsewhere is another model.
    record Key(String workspace, ModelVersion model) {

        @Override
        public String toString() {
            return model.toString();
        }
    }

    /// Lends the open model for the time of a use. No use may ask for a second model: see [OpenModels].
    ///
    /// @throws UnusableModel if the files are not a model that this engine runs
    /// @throws NoPlace if too many models are in use now
    /// @throws java.io.UncheckedIOException if the files cannot be had now
    public <T> T withAny(KnownVersion version, Function<OpenModel, T> use) {
        try (var loan = lend(version)) {
            return use.apply(loan.model());
        }
    }

    /// As [#withAny], for a model that writes.
    public <T> T with(KnownVersion version, Function<LanguageModel, T> use) {
        return withAny(version, model -> switch (model) {
            case LanguageModel writer -> use.apply(writer);
            case Encoder _ ->
                throw new UnusableModel(
                        version.model(),
                        "it is an encoder and does not write; ask it with POST /api/models/%s/labels"
                                .formatted(version.model()));
        });
    }

    /// As [#withAny], for a model that gives labels.
    public <T> T withClassifier(KnownVersion version, Function<Encoder, T> use) {
        return withAny(version, model -> switch (model) {
            case Encoder encoder when !encoder.labels().isEmpty() -> use.apply(encoder);
            case Encoder _ ->
                throw new UnusableModel(
                        version.model(), "it is an encoder without labels; train it by the method classification");
            case LanguageModel _ ->
                throw new UnusableModel(
                        version.model(), "it writes and gives no labels; ask it with POST /api/answers");
        });
    }

    private Loan<OpenModel> lend(KnownVersion version) {
        return open.lend(
                new Key(version.workspace(), version.model()),
                version.weightBytes(),
                () -> files.with(version.files(), folder -> open(version, folder)));
    }

    private OpenModel open(KnownVersion version, Path folder) {
        try {
            return OpenModel.open(folder, device);
        } catch (IllegalArgumentException wrong) {
            throw new UnusableModel(
                    version.model(), String.valueOf(wrong.getMessage()).replace(folder + "/", ""), wrong);
        }
    }

    List<Open<Key>> list(String workspace) {
        return open.list().stream()
                .filter(model -> model.key().workspace().equals(workspace))
                .toList();
    }

    @PreDestroy
    void close() {
        open.close();
    }
}
