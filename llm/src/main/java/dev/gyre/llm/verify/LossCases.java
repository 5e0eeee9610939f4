package dev.gyre.llm.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.model.TokenBatch;
import dev.gyre.llm.objective.BinaryClassifier;
import dev.gyre.llm.objective.BradleyTerry;
import dev.gyre.llm.objective.Distillation;
import dev.gyre.llm.objective.KahnemanTversky;
import dev.gyre.llm.objective.Objective;
import dev.gyre.llm.objective.OddsRatio;
import dev.gyre.llm.program.ProgramRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Losses with their gradients on a small model, by TRL's own settings and batches.
final class LossCases implements AutoCloseable {

    private static final Pattern JSD = Pattern.compile("beta([0-9.]+)_T([0-9.]+)");

    private static final Pattern FIRST_WORD = Pattern.compile("wN is N\\s*\\+\\s*(\\d+)");

    /// How TRL prepares data, generates, logs and saves; the batches of a case are what came of it.
    private static final Set<String> ELSEWHERE = Set.of(
            "model_init_kwargs trust_remote_code router_aux_loss_coef chat_template_path dataset_text_field dataset_kwargs dataset_num_proc eos_token max_length truncation_mode shuffle_dataset packing packing_strategy padding_free pad_to_multiple_of eval_packing completion_only_loss assistant_only_loss activation_offloading pad_token disable_dropout precompute_ref_log_probs precompute_ref_batch_size sync_ref_model ref_model_mixup_alpha ref_model_sync_steps generate_during_eval is_encoder_decoder padding_value max_completion_length max_prompt_length prompt_sample_size min_density_ratio max_density_ratio cast_lm_head_to_fp32 num_generations num_generations_eval ds3_gather_for_generation generation_batch_size steps_per_generation top_p top_k min_p generation_kwargs chat_template_kwargs repetition_penalty cache_implementation vllm_mode vllm_model_impl vllm_enable_sleep_mode vllm_structured_outputs_regex vllm_server_base_url vllm_server_host vllm_server_port vllm_server_timeout vllm_group_port vllm_gpu_memory_utilization vllm_max_model_length vllm_tensor_parallel_size num_iterations reward_weights multi_objective_aggregation scale_rewards mask_truncated_completions entropy_coef_min entropy_coef_max entropy_coef_delta entropy_target max_tool_calling_iterations vllm_importance_sampling_correction vllm_importance_sampling_mode vllm_importance_sampling_clip_max vllm_importance_sampling_clip_min log_completions log_multimodal num_completions_to_print log_unique_prompts log_completions_hub_repo use_transformers_continuous_batching transformers_continuous_batching_config use_transformers_paged vllm_importance_sampling_cap normalize_advantages reward_clip_range label_pad_token_id"
                    .split(" "));

    /// TRL's names of the metrics that objectives report too.
    private static final Map<String, String> METRICS = Map.ofEntries(
            Map.entry("rewards/accuracies", "accuracy"),
            Map.entry("rewards/margins", "margin"),
            Map.entry("rewards/chosen", "chosenReward"),
            Map.entry("rewards/rejected", "rejectedReward"),
            Map.entry("logps/chosen", "chosenLogProbability"),
            Map.entry("logps/rejected", "rejectedLogProbability"),
            Map.entry("nll_loss", "supervisedLoss"),
            Map.entry("log_odds_ratio", "logOddsRatio"),
            Map.entry("log_odds_chosen", "logOddsChosen"),
            Map.entry("delta", "meanReward"),
            Map.entry("accuracy", "accuracy"),
            Map.entry("margin", "margin"),
            Map.entry("mean_reward", "meanReward"),
            Map.entry("min_reward", "leastReward"),
            Map.entry("max_reward", "greatestReward"),
            Map.entry("kl", "divergence"),
            Map.entry("clip_ratio/low_mean", "clippedBelow"),
            Map.entry("clip_ratio/high_mean", "clippedAbove"),
            Map.entry("clip_ratio/region_mean", "clipped"),
            Map.entry("clip_ratio/low_min", "leastClippedBelow"),
            Map.entry("clip_ratio/high_max", "mostClippedAbove"),
            Map.entry("cispo_clip_ratio", "weightsCapped"));

    private final Path folder;
    private final JsonNode index;
    private final ProgramRunner runner = ProgramRunner.open("auto");
    private final Map<String, Model> models = new HashMap<>();

    private LossCases(Path folder, JsonNode index) {
        this.folder = folder;
        this.index = index;
    }

    static void verify(Path folder, JsonNode index, String key, Findings findings) {
        try (var cases = new LossCases(folder, index)) {
            index.get(key)
                    .properties()
                    .forEach(each -> findings.attempt(
                            each.getKey(), () -> cases.verify(each.getValue(), findings.at(each.getKey()))));
        }
    }

    private void verify(JsonNode given, Findings findings) {
        if (given.has("student")) {
            distilled(given, findings);
            return;
        }
        findings.onlyKnown(
                given, List.of("model", "reference", "config", "loss", "grad_norm", "metrics", "batch", "inputs"));
        var settings = new CaseSettings(given.path("config"));
        settings.ignore(ELSEWHERE);
        var batch = given.path("batch");
        var objective = objective(given, settings);
        double temperature = given.has("inputs") ? settings.number("temperature", 1) : 1;
        settings.off("use_vllm", "use_adaptive_entropy");
        if (given.has("inputs") && !settings.has("importance_sampling_level")) {
            settings.ignore(Set.of("beta")); // RLOO's is a part of the rewards
        }
        settings.finish();
        try (var scope = runner.newScope()) {
            var model = model(given.path("model").asText());
            var known = new LinkedHashMap<String, NDArray>();
            var tokens = given.has("inputs")
                    ? answers(scope, given, objective, known)
                    : switch (objective) {
                        case BradleyTerry _ -> ends(scope, batch, known);
                        case OddsRatio _ -> wholeChosen(scope, batch, known);
                        default -> rows(batch, objective).batch(runner, scope);
                    };
            if (objective.needsReference() && !known.containsKey("reference")) {
                known.put("reference", reference(scope, given, tokens));
            }
            judgements(scope, batch, objective, known);
            examine(scope, model, objective, tokens, known, temperature, given, findings);
        }
    }

    private Objective objective(JsonNode given, CaseSettings settings) {
        var batch = given.path("batch");
        if (given.has("inputs")) {
            return settings.has("importance_sampling_level")
                    ? LossObjective.policyGradient(settings)
                    : LossObjective.leaveOneOut(settings);
        }
        if (settings.has("f_divergence_type")) {
            return LossObjective.preference(settings);
        }
        if (settings.has("desirable_weight")) {
            return LossObjective.judged(settings);
        }
        if (settings.has("center_rewards_coefficient")) {
            return LossObjective.rewarded(settings);
        }
        if (settings.has("cpo_alpha")) {
            return LossObjective.contrastive(settings);
        }
        if (batch.has("chosen_labels")) {
            return LossObjective.oddsRatio(settings);
        }
        if (batch.has("completion_labels")) {
            return LossObjective.classified(settings);
        }
        if (batch.has("labels")) {
            return LossObjective.supervised(settings);
        }
        throw new IllegalArgumentException("a loss with these settings is not known");
    }

    private static LossRows rows(JsonNode batch, Objective objective) {
        if (batch.has("chosen_labels")) {
            return pairs(batch);
        }
        if (batch.has("completion_labels")) {
            return new LossRows().labelled(batch, "completion_");
        }
        if (batch.has("labels")) {
            return new LossRows().labelled(batch, "");
        }
        var rows = new LossRows().masked(batch, "", "completion_mask");
        boolean drifting = objective instanceof KahnemanTversky judging && !judging.anchored();
        return drifting ? rows.masked(batch, "KL_", "completion_mask") : rows;
    }

    private static LossRows pairs(JsonNode batch) {
        return new LossRows().labelled(batch, "chosen_").labelled(batch, "rejected_");
    }

    /// Pairs whose chosen rows are learned with their prompts.
    private TokenBatch wholeChosen(NDManager scope, JsonNode batch, Map<String, NDArray> known) {
        var whole = new LossRows().masked(batch, "chosen_", "attention_mask").labelled(batch, "rejected_");
        known.put("completion", vector(scope, whole.flags(pairs(batch))));
        return whole.batch(runner, scope);
    }

    private TokenBatch ends(NDManager scope, JsonNode batch, Map<String, NDArray> known) {
        if (batch.has("margin")) {
            known.put("margin", Tensors.of(runner, scope, batch.path("margin")));
        }
        return new LossRows().masked(batch, "", "attention_mask").ends(runner, scope);
    }

    private void judgements(NDManager scope, JsonNode batch, Objective objective, Map<String, NDArray> known) {
        if (objective instanceof KahnemanTversky || objective instanceof BinaryClassifier) {
            var flags = new ArrayList<Float>();
            if (batch.has("label")) {
                batch.path("label").forEach(label -> flags.add(label.asBoolean() || label.asInt() == 1 ? 1f : 0f));
            } else {
                rows(batch, objective).answers().forEach(answer -> flags.add(isChosen(answer) ? 1f : 0f));
            }
            known.put("desirable", vector(scope, flags));
            known.put("running", runner.floats(scope, new float[2], 2));
        }
    }

    /// Whether an answer is the chosen one of a pair, where a batch does not say it.
    /// `wN` is the token N + a number that the note tells.
    private boolean isChosen(List<Long> answer) {
        var note = FIRST_WORD.matcher(index.path("note").asText());
        if (!note.find()) {
            throw new IllegalArgumentException("the batch has no label, and no note tells the ids of words");
        }
        long first = Long.parseLong(note.group(1));
        boolean chosen = false;
        boolean rejected = false;
        for (var pair : index.path("pairs")) {
            chosen |= ids(pair.path("chosen").asText(), first).equals(answer);
            rejected |= ids(pair.path("rejected").asText(), first).equals(answer);
        }
        if (chosen == rejected) {
            throw new IllegalArgumentException("no pair tells whether the answer %s is desirable".formatted(answer));
        }
        return chosen;
    }

    private static List<Long> ids(String words, long first) {
        return Arrays.stream(words.strip().split(" +"))
                .map(word -> Long.parseLong(word.substring(1)) + first)
                .toList();
    }

    /// Drawn answers with their advantages, and what old and frozen model gave them.
    private TokenBatch answers(NDManager scope, JsonNode given, Objective objective, Map<String, NDArray> known) {
        var inputs = index.path(given.path("inputs").asText());
        var mask = inputs.path("completion_mask");
        known.put("advantages", Tensors.of(runner, scope, inputs.path("advantages")));
        if (inputs.hasNonNull("logps_old")) {
            known.put("old", vector(scope, chosen(inputs.path("logps_old"), mask)));
        }
        if (objective.needsReference() && inputs.hasNonNull("logps_ref")) {
            known.put("reference", vector(scope, chosen(inputs.path("logps_ref"), mask)));
        }
        if (inputs.has("num_items_in_batch")) {
            known.put("tokens", Tensors.of(runner, scope, inputs.path("num_items_in_batch")));
        }
        var prompts = inputs.path("prompt_ids");
        return new LossRows()
                .prompted(
                        prompts,
                        inputs.has("prompt_mask") ? inputs.path("prompt_mask") : unpadded(given, prompts),
                        inputs.path("completion_ids"),
                        mask)
                .batch(runner, scope);
    }

    /// 1 where a prompt's padding on the left is over.
    private JsonNode unpadded(JsonNode given, JsonNode prompts) {
        var config = folder.resolve(given.path("model").asText()).resolve("config.json");
        int pad = JsonFile.read(config).path("pad_token_id").asInt(0);
        var mask = JsonNodeFactory.instance.arrayNode();
        for (var row : prompts) {
            var own = mask.addArray();
            int begun = 0;
            for (var id : row) {
                begun = begun == 1 || id.asInt() != pad ? 1 : 0;
                own.add(begun);
            }
        }
        return mask;
    }

    private static List<Float> chosen(JsonNode values, JsonNode mask) {
        var all = new ArrayList<Float>();
        for (int row = 0; row < mask.size(); row++) {
            for (int i = 0; i < mask.get(row).size(); i++) {
                if (mask.get(row).get(i).asInt() == 1) {
                    all.add((float) values.get(row).get(i).asDouble());
                }
            }
        }
        return all;
    }

    private NDArray reference(NDManager scope, JsonNode given, TokenBatch tokens) {
        var model = model(given.path("reference").asText());
        try (var weights = model.bind(Map.of());
                var laid = runner.bind(tokens.laid())) {
            return runner.tensor(
                    scope,
                    runner.load("learning", model.slots(Map.of())),
                    "see",
                    model.arguments(weights, tokens.ids(), tokens.positions(), tokens.targets(), laid));
        }
    }

    private void examine(
            NDManager scope,
            Model model,
            Objective objective,
            TokenBatch tokens,
            Map<String, NDArray> known,
            double temperature,
            JsonNode wanted,
            Findings findings) {
        var slots = new HashMap<>(objective.slots());
        var more = new HashMap<String, NDArray>();
        if (temperature != 1) {
            slots.put("likelihood", "observed_likelihood");
            more.put("temperature", runner.floats(scope, new float[] {(float) temperature}));
        }
        var learned = model.names().stream().map(model::tensor).toList();
        float[] numbers;
        try (var weights = model.bind(more);
                var given = runner.bind(known)) {
            numbers = runner.read(runner.tensor(
                    scope,
                    runner.load("learning", model.slots(slots)),
                    "examine",
                    weights,
                    model.shape(),
                    model.config().normEpsilon(),
                    learned,
                    tokens.ids(),
                    tokens.positions(),
                    tokens.targets(),
                    tokens.rows(),
                    given,
                    objective.settings()));
        }
        findings.number("loss", numbers[0], wanted.path("loss").asDouble(), 2e-5);
        findings.number("grad_norm", numbers[1], wanted.path("grad_norm").asDouble(), 2e-5);
        var names = objective.metrics();
        wanted.path("metrics").properties().forEach(metric -> {
            int place = names.indexOf(METRICS.getOrDefault(metric.getKey(), ""));
            if (place >= 0) {
                findings.at("metrics")
                        .number(
                                metric.getKey(),
                                numbers[place + 2],
                                metric.getValue().asDouble(),
                                1e-4);
            }
        });
    }

    /// Divergences of a student's logits from a teacher's at the places that have a label.
    private void distilled(JsonNode given, Findings findings) {
        findings.onlyKnown(given, List.of("student", "teacher", "labels", "out"));
        try (var scope = runner.newScope()) {
            var distillation = new Distillation(runner);
            var student = Tensors.of(runner, scope, labelled(given.path("student"), given.path("labels")));
            var teacher = Tensors.of(runner, scope, labelled(given.path("teacher"), given.path("labels")));
            given.path("out")
                    .properties()
                    .forEach(out -> findings.attempt(out.getKey(), () -> {
                        var words = JSD.matcher(out.getKey());
                        if (!words.matches()) {
                            throw new IllegalArgumentException("%s must be beta…_T…".formatted(out.getKey()));
                        }
                        double found = distillation.divergence(
                                student,
                                teacher,
                                Double.parseDouble(words.group(1)),
                                Double.parseDouble(words.group(2)));
                        findings.at("out")
                                .number(out.getKey(), found, out.getValue().asDouble(), 2e-5);
                    }));
        }
    }

    /// The logits of the places that have a label: (places, vocabulary).
    private static JsonNode labelled(JsonNode logits, JsonNode labels) {
        var places = JsonNodeFactory.instance.arrayNode();
        for (int row = 0; row < logits.size(); row++) {
            for (int i = 0; i < logits.get(row).size(); i++) {
                if (labels.path(row).path(i).asLong() != -100) {
                    places.add(logits.get(row).get(i));
                }
            }
        }
        return places;
    }

    private NDArray vector(NDManager scope, List<Float> values) {
        return runner.floats(scope, Tensors.floats(values), values.size());
    }

    private Model model(String name) {
        return models.computeIfAbsent(
                name, _ -> Model.open(runner, folder.resolve(name), ElementType.F32, ElementType.F32));
    }

    @Override
    public void close() {
        models.values().forEach(Model::close);
        runner.close();
    }
}
