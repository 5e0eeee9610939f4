package dev.gyre.cli.samples;

import java.util.Map;

/// What a caller asks.
///
/// @param topic key in `desk.yaml`
/// @param prompt as the model reads it
/// @param facts what the right answer is made of, by slot
record Question(String topic, String prompt, Map<String, String> facts) {

    Question {
        facts = Map.copyOf(facts);
    }
}
