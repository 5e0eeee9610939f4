package dev.gyre.trainer.run;

import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Purpose;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.RecipeSpec;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.trainer.dataset.DatasetStore;
import dev.gyre.trainer.dataset.KnownDataset;
import dev.gyre.trainer.model.ModelStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Checks a request against everything that is known, and says all that is wrong with it at once.
public final class AdmissionRule {

    /// The setting that a request says beside the recipe, because it is about the rows.
    private static final String TOO_LONG = "tooLong";

    /// What a data set can teach a model that the examiner can open; the library knows more (docs/methods.md).
    private static final List<String> METHODS = List.of("supervised", "dpo", "classification");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}");
    private static final Pattern BASE =
            Pattern.compile("(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)@(?<version>[1-9][0-9]{0,8}|champion)");

    private final DatasetStore datasets;
    private final ModelStore models;
    private final Ancestry ancestry;
    private final int minimumRows;

    /// @param minimumRows fewer rows than this are not worth a training
    public AdmissionRule(DatasetStore datasets, ModelStore models, RunStore runs, int minimumRows) {
        this.datasets = datasets;
        this.models = models;
        this.ancestry = new Ancestry(datasets, models, runs);
        this.minimumRows = minimumRows;
    }

    /// @param reason why it trains, in one sentence
    public Admission admit(String workspace, String run, String reason, RunRequest request) {
        var findings = new Findings();
        var model = model(request.model(), findings);
        var base = base(workspace, request.base(), findings);
        var recipe = recipe(request, findings);
        var dataset = dataset(workspace, request.dataset(), findings);
        if (dataset != null && recipe != null) {
            checkKind(dataset, recipe.method(), findings);
        }
        var replay = replay(request, base, dataset, findings);
        if (model == null || base == null || recipe == null || dataset == null || !findings.isEmpty()) {
            return findings.refusal();
        }
        return new Admission.Admitted(new TrainingRequested(
                workspace,
                run,
                model,
                base,
                dataset.frozen().dataset(),
                recipe,
                request.seed() == null ? 0 : request.seed(),
                reason,
                replay));
    }

    private static @Nullable String model(@Nullable String model, Findings findings) {
        if (model == null || !NAME.matcher(model).matches() || model.contains("..") || model.contains("--")) {
            findings.wrong(
                    "model is %s, must be the name under which the result is registered: letters, digits, '.', '_' and '-'"
                            .formatted(quoted(model)));
            return null;
        }
        return model;
    }

    private @Nullable ModelVersion base(String workspace, @Nullable String base, Findings findings) {
        var matcher = BASE.matcher(base == null ? "" : base);
        if (!matcher.matches()) {
            findings.wrong("base is %s, must be NAME@NUMBER or NAME@champion".formatted(quoted(base)));
            return null;
        }
        var name = matcher.group("name");
        var numbers = models.versions(workspace, name).stream()
                .map(version -> version.model().number())
                .toList();
        if (numbers.isEmpty()) {
            findings.unknown("base is '%s', but the trainer knows no model '%s' (yet); it knows %s"
                    .formatted(base, name, listed(models.names(workspace))));
            return null;
        }
        var wanted = matcher.group("version");
        var number = wanted.equals("champion")
                ? models.champion(workspace, name)
                : java.util.Optional.of(Integer.valueOf(wanted));
        if (number.isEmpty()) {
            findings.unknown("base is '%s', but model '%s' has no champion (yet); name one of its versions: %s"
                    .formatted(base, name, listed(numbers)));
            return null;
        }
        if (!numbers.contains(number.get())) {
            findings.unknown("base is '%s', but the trainer knows no version %d of '%s' (yet); it knows %s"
                    .formatted(base, number.get(), name, listed(numbers)));
            return null;
        }
        return new ModelVersion(name, number.get());
    }

    private @Nullable KnownDataset dataset(String workspace, @Nullable String dataset, Findings findings) {
        if (dataset == null || dataset.isBlank()) {
            findings.wrong("dataset is %s, must be the id of a frozen data set".formatted(quoted(dataset)));
            return null;
        }
        var known = datasets.find(workspace, dataset);
        if (known.isEmpty()) {
            var ids = datasets.all(workspace).stream()
                    .map(other -> other.frozen().dataset())
                    .toList();
            findings.unknown("dataset is '%s', but the trainer knows no such data set (yet); it knows %s"
                    .formatted(dataset, listed(ids)));
            return null;
        }
        var found = known.get();
        if (found.tainted() != null) {
            findings.wrong("dataset '%s' must not be learned from any more: %s; freeze a new one"
                    .formatted(dataset, found.tainted()));
        }
        var rows = found.frozen().train().count();
        if (rows < minimumRows) {
            findings.wrong("dataset '%s' has %d rows to learn from, at least %d are needed"
                    .formatted(dataset, rows, minimumRows));
        }
        return found;
    }

    private List<Replay> replay(
            RunRequest request, @Nullable ModelVersion base, @Nullable KnownDataset fresh, Findings findings) {
        var asked = request.replay() == null ? List.<RunRequest.Again>of() : request.replay();
        var share = request.replayShare();
        if (share == null) {
            return fresh == null ? List.of() : replay(asked, fresh, findings);
        }
        if (!asked.isEmpty()) {
            findings.wrong("replay and replayShare are both given; name the data sets or give a share");
        }
        if (!(share >= 0 && share <= ReplayPlan.LARGEST_SHARE)) {
            findings.wrong("replayShare is %s, must be 0 to %s".formatted(share, ReplayPlan.LARGEST_SHARE));
        }
        if (base == null || fresh == null || !findings.isEmpty()) {
            return List.of();
        }
        var wanted = ReplayPlan.wanted(share, fresh.frozen().train().count());
        return ReplayPlan.spread(wanted, ancestry.of(base, fresh.frozen(), List.of()));
    }

    private List<Replay> replay(List<RunRequest.Again> asked, KnownDataset fresh, Findings findings) {
        var replay = new ArrayList<Replay>();
        var seen = new HashSet<String>();
        for (var again : asked) {
            var id = again.dataset();
            if (id == null || id.isBlank()) {
                findings.wrong("replay.dataset is %s, must be the id of an earlier data set".formatted(quoted(id)));
                continue;
            }
            if (id.equals(fresh.frozen().dataset()) || !seen.add(id)) {
                findings.wrong(
                        "replay names data set '%s', which the run learns from already; leave it out".formatted(id));
                continue;
            }
            var rows = again.rows();
            if (rows == null || rows < 1) {
                findings.wrong("replay.rows of data set '%s' is %s, must be 1 or more"
                        .formatted(id, rows == null ? "missing" : rows));
                continue;
            }
            checkReplayed(id, rows, fresh, findings);
            replay.add(new Replay(id, rows));
        }
        return replay;
    }

    private void checkReplayed(String id, int rows, KnownDataset fresh, Findings findings) {
        var known = datasets.find(fresh.frozen().workspace(), id);
        if (known.isEmpty()) {
            findings.unknown("replay names data set '%s', but the trainer knows no such data set (yet)".formatted(id));
            return;
        }
        var frozen = known.get().frozen();
        if (known.get().tainted() != null) {
            findings.wrong("replay of data set '%s' is not possible: it must not be learned from any more: %s"
                    .formatted(id, known.get().tainted()));
        }
        if (frozen.kind() != fresh.frozen().kind()) {
            findings.wrong("replay of data set '%s' is not possible: it is of kind %s, data set '%s' of kind %s"
                    .formatted(
                            id,
                            frozen.kind(),
                            fresh.frozen().dataset(),
                            fresh.frozen().kind()));
        }
        if (frozen.purpose() == Purpose.CONTROL && fresh.frozen().purpose() != Purpose.CONTROL) {
            findings.wrong(
                    "replay of data set '%s' is not possible: it is a control, deliberately broken".formatted(id));
        }
        if (!frozen.doubts().isEmpty()) {
            findings.wrong(
                    "replay of data set '%s' is not possible: its judgements are in doubt (%s); leave it out, or train on it by itself"
                            .formatted(id, frozen.doubts().getFirst().reason()));
        }
        if (rows > frozen.train().count()) {
            findings.wrong("replay.rows of data set '%s' is %d, must be at most its %d rows"
                    .formatted(id, rows, frozen.train().count()));
        }
    }

    /// What is wrong with a recipe for data sets of a kind; empty where nothing is.
    public List<String> objections(Kind kind, RunRequest.@Nullable Learning asked, @Nullable String tooLong) {
        var findings = new Findings();
        var recipe = recipe(new RunRequest(null, null, null, asked, null, tooLong, null, null), findings);
        if (recipe != null && findings.isEmpty() && !fits(kind, recipe.method())) {
            findings.wrong("recipe.method is '%s', which does not learn from data sets of kind %s"
                    .formatted(recipe.method(), kind));
        }
        return findings.objections;
    }

    private static @Nullable RecipeSpec recipe(RunRequest request, Findings findings) {
        var asked = request.recipe();
        if (asked == null || asked.method() == null) {
            findings.wrong("recipe.method is missing, must be supervised, dpo or classification");
            return null;
        }
        if (!METHODS.contains(asked.method())) {
            findings.wrong("recipe: method is %s, must be supervised, dpo or classification".formatted(asked.method()));
            return null;
        }
        var settings = settings(request, asked, findings);
        var usual = asked.method().equals("classification") ? "frozen" : "lora";
        var recipe = new RecipeSpec(asked.method(), asked.adapter() == null ? usual : asked.adapter(), settings);
        try {
            Recipe.of(recipe.method(), recipe.adapter(), recipe.settings());
        } catch (IllegalArgumentException wrong) {
            findings.wrong("recipe: " + wrong.getMessage());
        }
        return recipe;
    }

    private static Map<String, String> settings(RunRequest request, RunRequest.Learning asked, Findings findings) {
        var settings = new HashMap<String, String>();
        if (asked.settings() != null) {
            asked.settings().forEach((key, value) -> {
                if (value == null) {
                    findings.wrong("recipe.settings.%s is null; leave it out for its default".formatted(key));
                } else {
                    settings.put(key, value);
                }
            });
        }
        if (request.tooLong() != null) {
            var other = settings.put(TOO_LONG, request.tooLong());
            if (other != null && !other.equals(request.tooLong())) {
                findings.wrong("tooLong is '%s' but recipe.settings.tooLong is '%s'; say it once"
                        .formatted(request.tooLong(), other));
            }
        }
        return settings;
    }

    private static void checkKind(KnownDataset dataset, String method, Findings findings) {
        var kind = dataset.frozen().kind();
        var fitting = switch (kind) {
            case SUPERVISED -> "supervised";
            case PREFERENCE -> "dpo";
            case LABEL -> "classification";
        };
        var needed = needed(kind, method);
        if (kind != needed) {
            findings.wrong("dataset '%s' is of kind %s, but method '%s' needs %s; use method '%s'"
                    .formatted(dataset.frozen().dataset(), kind, method, needed, fitting));
        }
    }

    private static boolean fits(Kind kind, String method) {
        return needed(kind, method) == kind;
    }

    private static Kind needed(Kind kind, String method) {
        return switch (method) {
            case "supervised" -> Kind.SUPERVISED;
            case "dpo" -> Kind.PREFERENCE;
            case "classification" -> Kind.LABEL;
            default -> kind;
        };
    }

    private static String quoted(@Nullable String value) {
        return value == null ? "missing" : "'" + value + "'";
    }

    private static String listed(List<?> known) {
        return known.isEmpty()
                ? "none"
                : known.stream().map(String::valueOf).limit(20).collect(Collectors.joining(", "))
                        + (known.size() > 20 ? ", …" : "");
    }

    private static final class Findings {

        private final List<String> objections = new ArrayList<>();
        private boolean known = true;
        private boolean wrong;

        void wrong(String objection) {
            objections.add(objection);
            wrong = true;
        }

        void unknown(String objection) {
            objections.add(objection);
            known = false;
        }

        boolean isEmpty() {
            return objections.isEmpty();
        }

        Admission.Refused refusal() {
            return new Admission.Refused(known || wrong, objections);
        }
    }
}
