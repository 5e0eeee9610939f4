package dev.gyre.eval.answer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How models write answers.
@ConfigMapping(prefix = "gyre.answers")
interface AnswerConfig {

    /// Temperature at which different answers for a task are drawn.
    @WithDefault("0.9")
    double temperature();

    /// Prompts in one request.
    @WithDefault("64")
    int promptsAtMost();

    /// Tokens written per prompt in one request.
    @WithDefault("1024")
    int newTokensAtMost();

    /// How long a task waits for its model to have a champion, which another topic brings.
    @WithDefault("PT2M")
    Duration modelPatience();

    /// How often a task's answers are tried before they count as failed.
    @WithDefault("6")
    int attempts();

    /// How long a request is left alone after its worker was last heard of.
    @WithDefault("PT30S")
    Duration lease();

    /// How often the worker looks for work.
    @WithDefault("PT0.5S")
    Duration pause();
}
