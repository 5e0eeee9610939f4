package dev.gyre.llm.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"peft_type":"LORA","target_modules":["q"],"use_qalora":true} | use_qalora is true, must be absent or off
            {"peft_type":"LORA","target_modules":["q"],"lora_bias":true} | lora_bias is true, must be absent or off
            {"peft_type":"LORA","target_modules":["q"],"bias":"all"} | bias is "all", must be absent or off
            {"peft_type":"LORA","target_modules":["q"],"to_come":[1]} | to_come is [1], must be absent or off
            {"peft_type":"LORA","target_modules":["q"],"init_lora_weights":"loftq"} | init_lora_weights is "loftq", must be one of
            {"peft_type":"LORA"} | target_modules is missing, must be names in a list
            {"peft_type":"LORA","target_modules":["q"],"r":0} | r is 0, must be a whole number of 1 or more
            {"peft_type":"VERA","target_modules":["q"],"save_projection":false} | save_projection is false, must be true
            {"peft_type":"OFT","target_modules":["q"],"coft":true} | coft is true, must be absent or off
            {"peft_type":"HRA","target_modules":["q"]} | peft_type is "HRA", must be LORA
            """)
    void aSettingThatIsNotComputedIsNamed(String json, String message) throws JsonProcessingException {
        var config = new AdapterConfig("here", (ObjectNode) new ObjectMapper().readTree(json));

        assertThatThrownBy(() -> Method.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("here: " + message);
    }

    @Test
    void aSettingThatIsOffIsPassedOver() throws JsonProcessingException {
        var json =
                """
                {"peft_type":"LORA","target_modules":["q"],"use_qalora":false,"to_come":null,"loftq_config":{},"bias":"none"}
                """;

        assertThat(Method.of(new AdapterConfig("here", (ObjectNode) new ObjectMapper().readTree(json))))
                .isInstanceOf(LowRank.class);
    }
}
