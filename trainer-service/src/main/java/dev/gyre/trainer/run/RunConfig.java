package dev.gyre.trainer.run;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/// How runs are worked on.
@ConfigMapping(prefix = "gyre.trainer")
public interface RunConfig {

    /// Where models train: `auto`, `cpu` or `cuda:N`. Also set by `GYRE_DEVICE`.
    @WithDefault("${gyre.device:auto}")
    String device();

    /// Folder for base models, rows and checkpoints of runs at work; a run resumes only where this folder survives.
    @WithDefault("${java.io.tmpdir}/gyre-trainer")
    Path work();

    /// How long a run stays with a worker that is silent; then another attempt takes it up.
    @WithDefault("20S")
    Duration lease();

    /// How often a worker says that it lives and looks whether its run was cancelled; well below `lease`.
    @WithDefault("1S")
    Duration pulse();

    /// The shortest time between two TrainingProgressed of a run.
    @WithDefault("2S")
    Duration progressInterval();

    /// How long an idle worker waits before it looks for a run again.
    @WithDefault("500MS")
    Duration poll();

    /// Fewer rows than this are not worth a training.
    @WithDefault("8")
    int minimumRows();

    /// What runs, as a run's record names it: the git commit where the build or `GYRE_CODE_VERSION` says it.
    @WithDefault("${gyre.code-version:${quarkus.application.version}}")
    String codeVersion();
}
