package dev.gyre.eval.scorecard;

import dev.gyre.eval.gate.Findings;
import dev.gyre.eval.gate.Findings.Broken;
import dev.gyre.eval.gate.Findings.Opposed;
import dev.gyre.eval.gate.Findings.Target;
import dev.gyre.eval.gate.Findings.Target.Measured;
import dev.gyre.eval.gate.Findings.Unopposed;
import dev.gyre.eval.gate.GatePolicy;
import dev.gyre.eval.measure.PairedBootstrap;
import dev.gyre.eval.model.KnownVersion;
import dev.gyre.eval.model.LoadedModelStore;
import dev.gyre.eval.model.UnusableModel;
import dev.gyre.eval.scorecard.Scorecard.Line;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.llm.model.Encoder;
import dev.gyre.llm.model.LanguageModel;
import dev.gyre.llm.model.OpenModel;
import dev.gyre.llm.model.Sampling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets candidate and champion read the same rows, one model after the other, and has the gate judge.
///
/// Nothing here depends on time or the order of threads: the same versions and suites give the same figures.
final class Examiner {

    /// How often a candidate may stay silent before it counts as unable to write.
    private static final int TRIES = 8;

    private static final String COMMONEST = "the guess that always says the commonest label";

    /// What a model writes on after where no suite gives a prompt.
    private static final String ANY_PROMPT = "The ";

    private final LoadedModelStore models;
    private final SuiteReader reader;
    private final PairedBootstrap bootstrap;
    private final GatePolicy gate;

    Examiner(LoadedModelStore models, SuiteReader reader, PairedBootstrap bootstrap, GatePolicy gate) {
        this.models = models;
        this.reader = reader;
        this.bootstrap = bootstrap;
        this.gate = gate;
    }

    /// @throws java.io.UncheckedIOException if the store is away: try again
    /// @throws IllegalArgumentException if suite or champion are broken, which no repetition mends
    Scorecard examine(Plan plan, ReadingProgress progress) {
        var wanted = plan.suites().stream().mapToInt(reader::wanted).sum();
        progress.wanted(plan.champion() == null ? wanted : 2 * wanted);
        List<Reading> candidates;
        try {
            candidates = models.withAny(plan.candidate(), model -> readAndWrite(plan, model, progress));
        } catch (UnusableModel | UselessModel broken) {
            return new Scorecard(gate.judge(new Broken(broken.getMessage() + ".")), List.of());
        }
        var champions = readChampion(plan, progress);
        var lines = compare(candidates, champions, bootstrap.atLook(plan.look()));
        return new Scorecard(gate.judge(findings(plan, opponent(plan, champions), lines)), lines);
    }

    private List<Reading> readAndWrite(Plan plan, OpenModel model, ReadingProgress progress) {
        var readings = read(plan.candidate(), plan, model, progress);
        switch (model) {
            case LanguageModel writer -> requireWriting(plan, writer);
            case Encoder encoder -> requireVectors(plan, encoder);
        }
        return readings;
    }

    private static void requireVectors(Plan plan, Encoder encoder) {
        for (var number : encoder.embed(List.of(ANY_PROMPT)).getFirst()) {
            if (!Float.isFinite(number)) {
                throw new UselessModel("%s computes no finite number: its weights are broken"
                        .formatted(plan.candidate().model()));
            }
        }
    }

    private List<Reading> read(KnownVersion version, Plan plan, OpenModel model, ReadingProgress progress) {
        var readings = new ArrayList<Reading>();
        for (var suite : plan.suites()) {
            var reading = reader.read(suite, model, progress::advanced);
            reading.broken().ifPresent(row -> {
                throw new UselessModel("%s computes no finite number on line %d of '%s': its weights are broken"
                        .formatted(version.model(), row.line(), suite.frozen().name()));
            });
            readings.add(reading);
        }
        return readings;
    }

    private void requireWriting(Plan plan, LanguageModel model) {
        var prompts = new ArrayList<>(List.of(ANY_PROMPT));
        if (!plan.suites().isEmpty()) {
            prompts.addAll(0, reader.prompts(plan.suites().getFirst(), TRIES - 1));
        }
        for (var attempt = 0; attempt < TRIES; attempt++) {
            if (writes(model, prompts.get(attempt % prompts.size()), attempt)) {
                return;
            }
        }
        throw new UselessModel("%s opens but writes nothing: %d prompts gave no text"
                .formatted(plan.candidate().model(), TRIES));
    }

    private static boolean writes(LanguageModel model, String prompt, int seed) {
        try {
            return !model.generate(prompt, Sampling.drawn(8, 1, seed)).isBlank();
        } catch (IllegalArgumentException promptTooLong) {
            return false;
        }
    }

    private @Nullable List<Reading> readChampion(Plan plan, ReadingProgress progress) {
        var champion = plan.champion();
        if (champion == null) {
            return null;
        }
        try {
            return models.withAny(champion, model -> read(champion, plan, model, progress));
        } catch (UnusableModel | UselessModel broken) {
            throw new IllegalArgumentException(
                    "the champion is of no use: %s; roll back to a sound version".formatted(broken.getMessage()),
                    broken);
        }
    }

    private List<Line> compare(
            List<Reading> candidates, @Nullable List<Reading> champions, PairedBootstrap looked) {
        var lines = new ArrayList<Line>();
        for (var index = 0; index < candidates.size(); index++) {
            var candidate = candidates.get(index);
            var suite = candidate.beside(opponent(candidate, champions == null ? null : champions.get(index)));
            lines.add(new Line(suite, suite.comparisons(looked)));
        }
        return lines;
    }

    /// On labels there is always something to beat: where no champion knows a label, the guess that always
    /// says the commonest one.
    private static @Nullable Reading opponent(Reading candidate, @Nullable Reading champion) {
        var isLabels = candidate.suite().frozen().kind() == Kind.LABEL;
        return isLabels && (champion == null || champion.isSilent()) && !candidate.rows().isEmpty()
                ? candidate.commonestGuess()
                : champion;
    }

    private static String opponent(Plan plan, @Nullable List<Reading> champions) {
        var champion = plan.champion();
        if (champion == null || champions == null) {
            return COMMONEST;
        }
        return !champions.isEmpty() && champions.getFirst().isSilent()
                ? "%s, which stands in for %s, that knows no labels".formatted(COMMONEST, champion.model())
                : champion.model().toString();
    }

    private Findings findings(Plan plan, String opponent, List<Line> lines) {
        var champion = plan.champion();
        var missing = plan.ownMissing();
        var isLabels = missing == null && lines.getFirst().suite().kind() == Kind.LABEL;
        if (champion == null && !isLabels) {
            return new Unopposed(
                    plan.candidate().model(),
                    plan.doubts(),
                    List.of("It opens, works, and computed finite numbers on %d held-out rows."
                            .formatted(lines.stream()
                                    .mapToInt(line -> line.suite().rows().size())
                                    .sum())));
        }
        var targets = lines.stream()
                .filter(line -> champion != null || line.suite().kind() == Kind.LABEL)
                .map(Examiner::target)
                .toList();
        var past = new ArrayList<Target>(missing == null ? targets.subList(1, targets.size()) : targets);
        past.addAll(plan.pastMissing());
        return new Opposed(
                plan.candidate().model(),
                opponent,
                missing == null ? targets.getFirst() : missing,
                past,
                plan.doubts(),
                observations(plan));
    }

    private static Target target(Line line) {
        var suite = line.suite();
        return new Measured(suite.name(), suite.kind(), suite.held(), suite.leftOut(), line.comparisons());
    }

    private List<String> observations(Plan plan) {
        var observations = new ArrayList<String>();
        for (var suite : plan.suites()) {
            var frozen = suite.frozen();
            if (reader.wanted(suite) < frozen.heldOut().count()) {
                observations.add("Of '%s' %d of %d rows were read, spread evenly."
                        .formatted(
                                frozen.name(),
                                reader.wanted(suite),
                                frozen.heldOut().count()));
            }
            if (suite.tainted() != null) {
                observations.add("'%s' is tainted: %s.".formatted(frozen.name(), suite.tainted()));
            }
        }
        return observations;
    }
}
