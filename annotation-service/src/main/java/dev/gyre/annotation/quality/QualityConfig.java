package dev.gyre.annotation.quality;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How the quality of judgements is worked out.
@ConfigMapping(prefix = "gyre.quality")
interface QualityConfig {

    /// How long figures are kept before it is looked whether there are new judgements.
    @WithDefault("PT5S")
    Duration pause();

    /// How often units are drawn for an interval.
    @WithDefault("1000")
    int draws();

    /// Nobody reads faster, so that whoever answers sooner has not read everything; a hypothesis.
    @WithDefault("10")
    double wordsPerSecond();

    /// By how many bytes a word is counted, the space included.
    @WithDefault("6")
    double bytesPerWord();

    /// On fewer answers to gold questions, or to repeats, no share is shown.
    @WithDefault("10")
    int fewestProbes();

    /// On fewer judgements nothing is remarked about an annotator.
    @WithDefault("30")
    int fewestJudgements();

    default Assessment.Settings settings() {
        return new Assessment.Settings(
                draws(), new ReadingFloor(wordsPerSecond(), bytesPerWord()), fewestProbes(), fewestJudgements());
    }
}
