package dev.gyre.eval.suite;

import dev.gyre.llm.model.PromptCompletion;
import java.util.List;

/// One held-out row.
public sealed interface SuiteRow {

    /// Line in the file, from 1.
    int line();

    String task();

    String slice();

    /// What the row is about; rows with the same are not independent.
    String prompt();

    /// What a writer has to read: the answer that people gave or preferred, and after it any that they
    /// rejected; nothing where people gave a label.
    List<PromptCompletion> answers();

    record Demonstration(int line, String task, String slice, String prompt, String completion) implements SuiteRow {

        @Override
        public List<PromptCompletion> answers() {
            return List.of(new PromptCompletion(prompt, completion));
        }
    }

    record Labelled(int line, String task, String slice, String prompt, String label) implements SuiteRow {

        @Override
        public List<PromptCompletion> answers() {
            return List.of();
        }
    }

    record Preference(int line, String task, String slice, String prompt, String chosen, String rejected)
            implements SuiteRow {

        @Override
        public List<PromptCompletion> answers() {
            return List.of(new PromptCompletion(prompt, chosen), new PromptCompletion(prompt, rejected));
        }
    }
}
