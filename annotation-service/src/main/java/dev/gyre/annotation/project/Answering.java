package dev.gyre.annotation.project;

/// Which model is asked for candidates where a sample brings none.
///
/// @param model name of a model; its champion answers
/// @param count how many answers are asked for; the first two that differ are compared
/// @param maxNewTokens how long an answer may become
public record Answering(String model, int count, int maxNewTokens) {

    public Answering {
        if (model.isBlank()) {
            throw new IllegalArgumentException("candidates.model is blank, must name a model such as 'assistant'");
        }
        if (count < 2 || count > 16) {
            throw new IllegalArgumentException("candidates.count is %d, must be 2 to 16".formatted(count));
        }
        if (maxNewTokens < 1 || maxNewTokens > 4096) {
            throw new IllegalArgumentException(
                    "candidates.maxNewTokens is %d, must be 1 to 4096".formatted(maxNewTokens));
        }
    }
}
