package dev.gyre.registry.promotion;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AliasRuleTest {

    @Test
    void wordsAreFree() {
        for (var alias : new String[] {"stable", "eu-west.2", "x"}) {
            assertThatCode(() -> AliasRule.require(alias)).doesNotThrowAnyException();
        }
    }

    @Test
    void championIsRefusedWithTheRemedy() {
        for (var alias : new String[] {"champion", "main", "HEAD"}) {
            assertThatThrownBy(() -> AliasRule.require(alias)).hasMessageContaining("rollback");
        }
    }

    @Test
    void versionsCommitsAndOddNamesAreRefused() {
        for (var alias : new String[] {"v3", "a".repeat(40), "Stable", "a/b", ""}) {
            assertThatThrownBy(() -> AliasRule.require(alias)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
