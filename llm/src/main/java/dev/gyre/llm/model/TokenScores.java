package dev.gyre.llm.model;

import java.util.List;

/// How likely a model finds every token of a prompt and of the completion after it.
///
/// @param prompt its tokens from the second on, since nothing foresees the first
/// @param completion its tokens and the end token; a token across the border belongs here
/// @param cut true where the row was longer than the model's context and its end was left out
public record TokenScores(List<Token> prompt, List<Token> completion, boolean cut) {

    /// A token with its natural log-probability after all tokens before it, in nats.
    public record Token(long id, double logProbability) {}

    public TokenScores {
        prompt = List.copyOf(prompt);
        completion = List.copyOf(completion);
    }
}
