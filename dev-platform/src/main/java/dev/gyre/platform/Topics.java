package dev.gyre.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The topics as `deploy/topics.yaml` declares them.
@JsonIgnoreProperties(ignoreUnknown = true)
record Topics(int partitions, Map<String, Topic> topics) {

    /// @param partitions as many as the file says for all, where this one says nothing
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Topic(@Nullable Integer partitions) {}

    static Topics read(Path deploy) {
        return Documents.readYaml(deploy.resolve("topics.yaml"), Topics.class);
    }

    /// Every topic with its number of partitions, dead letters included.
    Map<String, Integer> all() {
        var all = new TreeMap<String, Integer>();
        topics.forEach((name, topic) -> {
            all.put(name, topic.partitions() == null ? partitions : topic.partitions());
            all.put(name + ".dead", 1);
        });
        return all;
    }
}
