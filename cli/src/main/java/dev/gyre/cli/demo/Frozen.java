package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A data set as annotation froze it.
record Frozen(String id, Scenario.Turn turn, boolean control, Asked from, JsonNode answer) {

    String name() {
        return answer.path("name").asText();
    }

    Report.Dataset report() {
        return new Report.Dataset(
                id,
                name(),
                answer.path("purpose").asText(),
                answer.path("train").asInt(),
                answer.path("heldOut").asInt(),
                answer.path("merkleRoot").asText(),
                answer.path("judgements").asLong(),
                skipped(),
                doubts("reason"));
    }

    /// What annotation says of the annotators whose judgements are in doubt.
    List<String> doubts(String field) {
        var doubts = new ArrayList<String>();
        answer.path("doubts").forEach(doubt -> doubts.add(doubt.path(field).asText()));
        return doubts;
    }

    /// What it is made of, in words.
    String judgements() {
        if (!control) {
            return "judgements";
        }
        return from.flipped() == null
                ? "shuffled judgements"
                : "judgements, those of %s turned round".formatted(from.flipped());
    }

    Map<String, Long> skipped() {
        var skipped = new TreeMap<String, Long>();
        answer.path("skipped")
                .properties()
                .forEach(
                        reason -> skipped.put(reason.getKey(), reason.getValue().asLong()));
        return skipped;
    }
}
