package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.client.Services.Call;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.scenario.Scenario;
import dev.gyre.cli.scenario.ScenarioFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A file at ingest: what was sent and what became of each row.
///
/// @param source id at ingest
/// @param rows as they are on this machine
/// @param accepted samples, each with its row
/// @param refused numbers of the rows that were refused
/// @param reasons rows refused, by reason
record Intake(
        String source, String upload, Rows rows, List<Sample> accepted, List<Long> refused, Map<String, Long> reasons) {

    private static final int PAGE = 1000;

    record Sample(String id, String externalId, long row) {}

    Intake {
        accepted = List.copyOf(accepted);
        refused = List.copyOf(refused);
        reasons = Map.copyOf(reasons);
    }

    /// Makes the source, streams the file, and asks what became of it.
    static Intake of(Services services, String account, String name, Scenario.Source from, ScenarioFile scenario) {
        var table = from.table();
        var rows = Rows.read(scenario, table);
        if (!table.isWholeFile()) {
            return chosen(services, account, name, from, rows);
        }
        return sent(services, account, name, from, rows, scenario.resolve(from.file()), from.format());
    }

    /// Rows that stand in several files, or in another order, are sent as one file.
    private static Intake chosen(
            Services services, String account, String name, Scenario.Source from, Rows rows) {
        try {
            var file = Files.createTempFile("gyre-rows", ".jsonl");
            try {
                rows.write(file);
                return sent(services, account, name, from, rows, file, "jsonl");
            } finally {
                Files.delete(file);
            }
        } catch (IOException full) {
            throw new UncheckedIOException("cannot write the rows of " + name, full);
        }
    }

    private static Intake sent(
            Services services,
            String account,
            String name,
            Scenario.Source from,
            Rows rows,
            Path file,
            String format) {
        var wanted = Services.JSON.createObjectNode().put("name", name);
        wanted.set("mapping", from.mapping());
        if (from.limits() != null) {
            wanted.set("limits", from.limits());
        }
        var source = services.post(new Call(account, "ingest", "/api/sources"), wanted)
                .path("id")
                .asText();
        var called = URLEncoder.encode(String.valueOf(file.getFileName()), StandardCharsets.UTF_8);
        var upload = services.send(
                new Call(
                        account,
                        "ingest",
                        "/api/sources/%s/uploads?format=%s&name=%s".formatted(source, format, called)),
                "POST",
                file);
        var id = upload.path("upload").asText();
        var reasons = new TreeMap<String, Long>();
        upload.path("reasons")
                .properties()
                .forEach(
                        reason -> reasons.put(reason.getKey(), reason.getValue().asLong()));
        var refused = services.rows(new Call(account, "ingest", "/api/uploads/%s/refusals".formatted(id))).stream()
                .map(refusal -> refusal.path("row").asLong())
                .toList();
        return new Intake(source, id, rows, samples(services, account, source, id), refused, reasons);
    }

    private static List<Sample> samples(Services services, String account, String source, String upload) {
        var samples = new ArrayList<Sample>();
        var after = "0";
        while (true) {
            JsonNode page = services.get(new Call(
                    account, "ingest", "/api/samples?source=%s&after=%s&limit=%d".formatted(source, after, PAGE)));
            for (var sample : page.path("items")) {
                if (sample.path("upload").asText().equals(upload)) {
                    samples.add(new Sample(
                            sample.path("id").asText(),
                            sample.path("externalId").asText(),
                            sample.path("row").asLong()));
                }
            }
            if (page.path("next").isMissingNode() || page.path("next").isNull()) {
                return samples;
            }
            after = page.path("next").asText();
        }
    }

    Map<String, Long> rowsByExternalId() {
        var found = new HashMap<String, Long>();
        accepted.forEach(sample -> found.put(sample.externalId(), sample.row()));
        return found;
    }

    List<Long> acceptedRows() {
        return accepted.stream().map(Sample::row).sorted().toList();
    }
}
