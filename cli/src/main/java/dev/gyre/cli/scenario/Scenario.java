package dev.gyre.cli.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a demo does, as `docs/scenario.md` says it.
///
/// @param name short, one word
/// @param about one sentence for the person who watches
/// @param model name under which the versions are registered
/// @param accounts who does what
/// @param base the model to begin with
/// @param sources files that are sent to ingest, by a name
/// @param projects what is asked of whom, by a name
/// @param turns of the circle, in this order
/// @param shift what happens when the world changes afterwards; missing where it does not
/// @param steady the control where the world does not change; missing where there is none
/// @param answers what base and champion are asked at the end
public record Scenario(
        String name,
        String about,
        String model,
        Accounts accounts,
        Base base,
        Map<String, Source> sources,
        Map<String, Project> projects,
        List<Turn> turns,
        @Nullable Shift shift,
        @Nullable Steady steady,
        Answers answers) {

    /// @param staff brings in data, runs projects, trains, imports
    /// @param app pulls the champion
    public record Accounts(String staff, String app) {

        public Accounts {
            staff = Objects.requireNonNullElse(staff, "ada");
            app = Objects.requireNonNullElse(app, "app");
        }
    }

    /// @param folder in Hugging Face layout
    /// @param card notes for its model card: license, description, baseModel, dataset
    public record Base(String folder, Map<String, String> card) {

        public Base {
            require(folder, "folder");
            card = card == null ? Map.of() : Map.copyOf(card);
        }
    }

    /// @param format `jsonl`, `json`, `csv` or `passages`
    /// @param orderBy column by which the rows of all files are put in order; rows without it are left out
    /// @param rows which of them, such as `1-600`; all where it is missing
    /// @param cut how running text becomes rows
    /// @param mapping as ingest takes it
    /// @param limits as ingest takes them
    public record Source(
            String file,
            String format,
            @Nullable String orderBy,
            @Nullable String rows,
            @Nullable Cut cut,
            JsonNode mapping,
            @Nullable JsonNode limits) {

        public Source {
            require(mapping, "mapping");
        }

        public Table table() {
            return new Table(file, format, orderBy, rows, cut);
        }
    }

    /// Rows of a file, or of all files that a name with a `*` fits.
    ///
    /// @param rows `FIRST-LAST`, from 1
    /// @param cut for `passages`, and only for them
    public record Table(
            String file,
            String format,
            @Nullable String orderBy,
            @Nullable String rows,
            @Nullable Cut cut) {

        public Table {
            require(file, "file");
            format = format == null ? "jsonl" : format;
            if (!List.of("jsonl", "json", "csv", "passages").contains(format)) {
                throw new IllegalArgumentException(
                        "format is '%s', must be jsonl, json, csv or passages".formatted(format));
            }
            if (format.equals("passages") != (cut != null)) {
                throw new IllegalArgumentException(
                        "format is '%s' and cut is %s; passages need a cut such as {prompt: 80, completion: 150}, others have none"
                                .formatted(format, cut == null ? "missing" : "given"));
            }
            if (rows != null && !rows.matches("[1-9]\\d{0,8}-[1-9]\\d{0,8}")) {
                throw new IllegalArgumentException("rows is '%s', must be FIRST-LAST such as 1-600".formatted(rows));
            }
        }

        /// Whether the rows are those of one file, as they stand in it.
        public boolean isWholeFile() {
            return orderBy == null && rows == null && !file.contains("*") && List.of("jsonl", "json").contains(format);
        }

        public long first() {
            return rows == null ? 1 : Long.parseLong(rows.substring(0, rows.indexOf('-')));
        }

        public long last() {
            return rows == null ? Long.MAX_VALUE : Long.parseLong(rows.substring(rows.indexOf('-') + 1));
        }
    }

    /// How running text becomes rows, in characters at most.
    public record Cut(int prompt, int completion) {

        public Cut {
            if (prompt < 2 || completion < 2) {
                throw new IllegalArgumentException(
                        "cut is %d and %d characters, must be 2 or more each".formatted(prompt, completion));
            }
        }
    }

    /// @param source name of one of the sources
    /// @param question as annotation takes it
    public record Project(
            String source,
            JsonNode question,
            int answersPerItem,
            @Nullable String guidelines,
            List<Judge> judges) {

        public Project {
            require(source, "source");
            require(question, "question");
            answersPerItem = answersPerItem == 0 ? 1 : answersPerItem;
            if (judges == null || judges.isEmpty()) {
                throw new IllegalArgumentException("judges is empty; name at least one account and what it says");
            }
            judges = List.copyOf(judges);
        }
    }

    /// An account and what it says: exactly one of `demonstrates`, `chooses`, `labels` and `reliability`.
    ///
    /// @param demonstrates column that holds the answer to be written
    /// @param chooses column that holds a recorded choice
    /// @param labels column that holds a recorded label
    /// @param meaning of the values in that column: `first`, `second`, `tie` or `bad`, or the label that it stands for
    /// @param reliability how often a simulated annotator sees which answer is better, 0 to 1
    /// @param qualities columns that hold how good the two answers are; no service sees them
    public record Judge(
            String account,
            @Nullable String demonstrates,
            @Nullable String chooses,
            @Nullable String labels,
            Map<String, String> meaning,
            @Nullable Double reliability,
            List<String> qualities) {

        public Judge {
            require(account, "account");
            meaning = meaning == null ? Map.of() : Map.copyOf(meaning);
            qualities = qualities == null ? List.of() : List.copyOf(qualities);
            var ways = (demonstrates == null ? 0 : 1)
                    + (chooses == null ? 0 : 1)
                    + (labels == null ? 0 : 1)
                    + (reliability == null ? 0 : 1);
            if (ways != 1) {
                throw new IllegalArgumentException(
                        "judge '%s' says %d of demonstrates, chooses, labels and reliability, must say exactly one"
                                .formatted(account, ways));
            }
            if (reliability != null && (reliability < 0 || reliability > 1 || qualities.size() != 2)) {
                throw new IllegalArgumentException(
                        "judge '%s' needs a reliability from 0 to 1 and two qualities".formatted(account));
            }
        }
    }

    /// Judgements frozen, learned from, examined.
    ///
    /// @param control learn from the same judgements spoilt first, to see that this is refused
    /// @param expect `promoted`, or `report` where any outcome is worth knowing
    public record Turn(
            String name,
            String project,
            Split split,
            Training training,
            @Nullable Control control,
            String expect) {

        public Turn {
            require(name, "name");
            require(project, "project");
            require(training, "training");
            split = split == null ? new Split(0.2, 0) : split;
            expect = expect == null ? "report" : expect;
            if (!expect.equals("promoted") && !expect.equals("report")) {
                throw new IllegalArgumentException("expect is '%s', must be promoted or report".formatted(expect));
            }
        }

        public boolean mustBePromoted() {
            return expect.equals("promoted");
        }
    }

    /// @param heldOutShare of the prompts that nobody learns from
    public record Split(double heldOutShare, long seed) {}

    /// As the trainer takes it; the base is the champion of that moment.
    public record Training(
            String method,
            String adapter,
            Map<String, String> settings,
            long seed,
            @Nullable String tooLong) {

        public Training {
            require(method, "method");
            adapter = adapter == null ? "lora" : adapter;
            settings = settings == null ? Map.of() : Map.copyOf(settings);
        }
    }

    /// Ways to spoil judgements, each for a control of its own.
    ///
    /// @param seed of a shuffle of everybody's decisions
    /// @param flip the account whose decisions are turned round
    public record Control(
            @Nullable Long seed, @Nullable String flip) {

        public Control {
            if (seed == null && flip == null) {
                throw new IllegalArgumentException(
                        "control is empty; give it a seed to shuffle by, an account to flip, or both");
            }
        }
    }

    /// The circle closes by itself: traffic drifts, people are asked, the model is trained again.
    ///
    /// @param traffic what apps ask of the champion
    /// @param monitor as eval takes it for this model
    /// @param campaign as annotation takes a campaign plan
    /// @param judges who answers the campaign, by the columns of the traffic
    /// @param policy as the trainer takes a retraining policy
    /// @param compare what else is trained, so that the new champion can be judged
    /// @param expect `recovered`, or `report` where any outcome is worth knowing
    public record Shift(
            Traffic traffic,
            @Nullable JsonNode monitor,
            JsonNode campaign,
            List<Judge> judges,
            JsonNode policy,
            @Nullable Compare compare,
            String expect) {

        public Shift {
            require(traffic, "traffic");
            require(campaign, "campaign");
            require(policy, "policy");
            if (traffic.then() == null ? traffic.changes() < 1 : traffic.changes() != 0) {
                throw new IllegalArgumentException(
                        "traffic.changes is %d, must be 1 or more, or missing where then has the changed world"
                                .formatted(traffic.changes()));
            }
            if (judges == null || judges.isEmpty()) {
                throw new IllegalArgumentException("judges is empty; name at least one account and what it says");
            }
            judges = List.copyOf(judges);
            expect = expect == null ? "report" : expect;
            if (!expect.equals("recovered") && !expect.equals("report")) {
                throw new IllegalArgumentException("expect is '%s', must be recovered or report".formatted(expect));
            }
        }

        public boolean mustRecover() {
            return expect.equals("recovered");
        }
    }

    /// The world stays as it is: the same rows are asked again and again, drawn at random.
    ///
    /// @param interactions how many are asked
    /// @param windows how many windows of the input must have been tested
    /// @param monitor, campaign, policy as those of a shift
    public record Steady(
            Traffic traffic,
            int interactions,
            int windows,
            long seed,
            JsonNode monitor,
            JsonNode campaign,
            JsonNode policy) {

        public Steady {
            require(traffic, "traffic");
            require(monitor, "monitor");
            require(campaign, "campaign");
            require(policy, "policy");
            if (interactions < 1 || windows < 1) {
                throw new IllegalArgumentException("interactions is %d and windows %d, must be 1 or more each"
                        .formatted(interactions, windows));
            }
        }
    }

    /// Rows in the order of time, each asked of the champion of that moment.
    ///
    /// @param format, orderBy, rows, cut as those of a source
    /// @param then rows of the changed world, where they stand elsewhere; it begins with the first of them
    /// @param prompt column that is asked
    /// @param slice column that says what it is about
    /// @param right column with the answers that satisfy, one or a list; whoever asked rates by it
    /// @param meaning of the values in that column, where they stand for something else
    /// @param asks `answers`, or `labels` of a classifier
    /// @param changes number of the row from which on the world is another, from 1; 0 where it is said by `then`
    /// @param last how many rows are kept for the new champion
    public record Traffic(
            String file,
            String format,
            @Nullable String orderBy,
            @Nullable String rows,
            @Nullable Cut cut,
            @Nullable Table then,
            String prompt,
            @Nullable String slice,
            @Nullable String right,
            Map<String, String> meaning,
            String asks,
            int changes,
            int last) {

        public Traffic {
            format = format == null ? "jsonl" : format;
            prompt = prompt == null ? "prompt" : prompt;
            meaning = meaning == null ? Map.of() : Map.copyOf(meaning);
            asks = asks == null ? "answers" : asks;
            if (!asks.equals("answers") && !asks.equals("labels")) {
                throw new IllegalArgumentException("asks is '%s', must be answers or labels".formatted(asks));
            }
            if (changes < 0 || last < 0) {
                throw new IllegalArgumentException(
                        "changes is %d and last %d, must be 0 or more".formatted(changes, last));
            }
        }

        public List<Table> tables() {
            var first = new Table(file, format, orderBy, rows, cut);
            return then == null ? List.of(first) : List.of(first, then);
        }
    }

    /// @param from the version that the full retrain starts from, such as the base
    /// @param turn name of the turn whose data set, with the campaign's, is all that there is to learn
    public record Compare(int from, String turn) {

        public Compare {
            require(turn, "turn");
            from = from == 0 ? 1 : from;
        }
    }

    /// @param temperature 0 takes the most likely token each time
    public record Answers(List<String> prompts, int maxNewTokens, double temperature, long seed) {

        public Answers {
            prompts = prompts == null ? List.of() : List.copyOf(prompts);
            maxNewTokens = maxNewTokens == 0 ? 64 : maxNewTokens;
        }
    }

    public Scenario {
        require(name, "name");
        require(model, "model");
        require(base, "base");
        about = about == null ? "" : about;
        accounts = accounts == null ? new Accounts("ada", "app") : accounts;
        sources = ordered(sources);
        projects = ordered(projects);
        turns = turns == null ? List.of() : List.copyOf(turns);
        answers = answers == null ? new Answers(List.of(), 64, 0, 0) : answers;
        for (var project : projects.entrySet()) {
            named(sources, project.getValue().source(), "projects.%s.source".formatted(project.getKey()));
        }
        if (shift != null && shift.compare() != null) {
            var compared = shift.compare().turn();
            if (turns.stream().noneMatch(turn -> turn.name().equals(compared))) {
                throw new IllegalArgumentException(
                        "shift.compare.turn is '%s', must be the name of a turn".formatted(compared));
            }
        }
        for (var turn : turns) {
            named(projects, turn.project(), "turns '%s'.project".formatted(turn.name()));
            if (turn.control() != null && turn.control().flip() != null) {
                requireFlippable(
                        turn.control().flip(),
                        Objects.requireNonNull(projects.get(turn.project())),
                        "turns '%s'.control.flip".formatted(turn.name()));
            }
        }
    }

    /// As the file has them: what stands first is done first.
    private static <T> Map<String, T> ordered(@Nullable Map<String, T> given) {
        return given == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(given));
    }

    private static void require(@Nullable Object value, String key) {
        if (value == null) {
            throw new IllegalArgumentException("%s is missing".formatted(key));
        }
    }

    private static void requireFlippable(String account, Project project, String key) {
        var accounts = project.judges().stream().map(Judge::account).toList();
        if (!accounts.contains(account)) {
            throw new IllegalArgumentException("%s is '%s', must be one of %s".formatted(key, account, accounts));
        }
        if (project.question().path("type").asText().equals("DEMONSTRATION")) {
            throw new IllegalArgumentException("%s is '%s', but a demonstration has no opposite; leave it out"
                    .formatted(key, account));
        }
        if (project.answersPerItem() < 2) {
            throw new IllegalArgumentException(
                    "%s is '%s', but answersPerItem is %d and nobody can be compared; must be 2 or more"
                            .formatted(key, account, project.answersPerItem()));
        }
    }

    private static void named(Map<String, ?> known, String name, String key) {
        if (!known.containsKey(name)) {
            throw new IllegalArgumentException("%s is '%s', must be one of %s".formatted(key, name, known.keySet()));
        }
    }

    public Source source(String called) {
        return Objects.requireNonNull(sources.get(called));
    }

    public Project project(String called) {
        return Objects.requireNonNull(projects.get(called));
    }
}
