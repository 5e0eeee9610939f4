package dev.gyre.llm.rollout;

import dev.gyre.llm.model.PromptCompletion;
import dev.gyre.llm.model.RewardModel;
import java.util.List;

/// What an answer is worth: the higher the better.
@FunctionalInterface
public interface Reward {

    /// @param completion without the end token
    double of(String prompt, String completion);

    /// The rewards of several answers, in their order.
    default List<Double> all(List<PromptCompletion> answers) {
        return answers.stream()
                .map(answer -> of(answer.prompt(), answer.completion()))
                .toList();
    }

    /// The scores of a reward model, which stays the caller's to close.
    static Reward of(RewardModel model) {
        return new Reward() {
            @Override
            public double of(String prompt, String completion) {
                return all(List.of(new PromptCompletion(prompt, completion))).getFirst();
            }

            @Override
            public List<Double> all(List<PromptCompletion> answers) {
                return model.score(answers);
            }
        };
    }
}
