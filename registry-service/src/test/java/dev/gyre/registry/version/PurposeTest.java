package dev.gyre.registry.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PurposeTest {

    @Test
    void whatAModelIsForStandsInItsConfiguration() {
        var classifier = Purpose.of("""
                {"model_type":"bert","architectures":["BertForSequenceClassification"],
                 "id2label":{"0":"ham","1":"spam"},"gyre_pooling":"mean"}""");
        var encoder = Purpose.of("{\"model_type\":\"bert\",\"architectures\":[\"BertModel\"]}");
        var writer = Purpose.of("{\"model_type\":\"llama\",\"architectures\":[\"LlamaForCausalLM\"]}");

        assertThat(classifier).isEqualTo(new Purpose("text-classification", List.of("ham", "spam"), "mean"));
        assertThat(encoder.pipeline()).isEqualTo("feature-extraction");
        assertThat(writer.pipeline()).isEqualTo("text-generation");
        assertThat(Purpose.of("this is no configuration")).isEqualTo(Purpose.UNKNOWN);
    }

    @Test
    void theCardOfAClassifierSaysItsLabelsAndHowItPools() {
        var draft = new Draft("demo", "comments", null, "ann", List.of(), CardNotes.NONE, false);

        var card = ModelCard.write(draft, new Purpose("text-classification", List.of("ham", "spam"), "mean"), 2);

        assertThat(card)
                .contains("pipeline_tag: \"text-classification\"")
                .contains("its labels are `ham`, `spam`.")
                .contains("the mean of `last_hidden_state`");
    }
}
