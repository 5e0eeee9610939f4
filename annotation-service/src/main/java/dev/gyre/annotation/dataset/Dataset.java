package dev.gyre.annotation.dataset;

import dev.gyre.events.ArtifactRef;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.Doubt;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Part;
import dev.gyre.events.DatasetEvent.Purpose;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Judgements frozen into rows; never changes.
///
/// @param judgements the ordered judgement ids, one per line
/// @param skipped how many tasks gave no row, by reason
/// @param campaign the campaign that it came from
/// @param model name of the model that the campaign is for
/// @param doubts annotators whose judgements in it are in doubt
public record Dataset(
        String id,
        String workspace,
        String project,
        String name,
        Kind kind,
        Purpose purpose,
        long seed,
        double heldOutShare,
        @Json Part train,
        @Json Part heldOut,
        String merkleRoot,
        ArtifactRef judgements,
        int judgementCount,
        @Json Map<String, Integer> skipped,
        @Nullable String campaign,
        @Nullable String model,
        @Json List<Doubt> doubts,
        Instant createdAt) {

    public Dataset {
        skipped = Map.copyOf(skipped);
        doubts = List.copyOf(doubts);
    }

    public DatasetFrozen frozen() {
        return new DatasetFrozen(
                workspace,
                id,
                project,
                name,
                kind,
                purpose,
                train,
                heldOut,
                merkleRoot,
                judgements,
                judgementCount,
                campaign,
                model,
                doubts);
    }
}
