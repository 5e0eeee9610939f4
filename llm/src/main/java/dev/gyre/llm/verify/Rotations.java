package dev.gyre.llm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.checkpoint.RopeScaling;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Rotary position embeddings: the frequency of every pair of dimensions and the factor on cos and sin.
///
/// A case is named after what it does; where its name ends with a length in tokens, as `longrope_seq8192`, it is
/// computed for that length, with the parameters of the case whose name begins its own where it has none.
final class Rotations {

    private static final List<String> KNOWN = List.of("params", "head_dim", "inv_freq", "attention_factor");
    private static final Pattern LENGTH = Pattern.compile("(.+)_(?:L|seq)(\\d+)");
    private static final double TOLERANCE = 1e-6;

    private Rotations() {}

    static void verify(Path folder, JsonNode index, String key, Findings findings) {
        var cases = index.path(key);
        cases.properties().forEach(each -> {
            var at = findings.at(key).at(each.getKey());
            at.onlyKnown(each.getValue(), KNOWN);
            at.attempt("params", () -> verify(cases, each.getKey(), each.getValue(), at));
        });
    }

    private static void verify(JsonNode cases, String name, JsonNode wanted, Findings findings) {
        var named = LENGTH.matcher(name);
        double length = named.matches() ? Double.parseDouble(named.group(2)) : 0;
        var given = wanted.has("params") || !named.matches() ? wanted : cases.path(named.group(1));
        var parameters = given.path("params");
        double context = parameters.path("mpe")
                .asDouble(parameters.path("original_max_position_embeddings").asDouble(0));
        var rope = RopeScaling.parameters(parameters, parameters.path("rope_theta").asDouble(), context, length);
        int headWidth = given.path("head_dim").asInt(2 * wanted.path("inv_freq").size());
        var found = rope.inverseFrequencies(headWidth);
        var doubles = new double[found.length];
        for (int i = 0; i < found.length; i++) {
            doubles[i] = found[i];
        }
        findings.numbers("inv_freq", doubles, wanted.path("inv_freq"), TOLERANCE);
        if (wanted.has("attention_factor")) {
            findings.number(
                    "attention_factor", rope.attentionFactor(), wanted.path("attention_factor").asDouble(), TOLERANCE);
        }
    }
}
