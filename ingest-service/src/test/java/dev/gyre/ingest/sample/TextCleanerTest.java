package dev.gyre.ingest.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextCleanerTest {

    @Test
    void linesEndWithOneCharacter() {
        assertThat(TextCleaner.clean("a\r\nb\rc\nd")).isEqualTo("a\nb\nc\nd");
    }

    @Test
    void accentsAreComposed() {
        assertThat(TextCleaner.clean("cafe\u0301")).isEqualTo("caf\u00e9");
    }

    @Test
    void controlCharactersGoAndTabsStay() {
        assertThat(TextCleaner.clean("a\u0000b\u0007\tc\u009fd\uFEFF")).isEqualTo("ab\tcd");
    }

    @Test
    void spaceAroundGoesAndSpaceWithinStays() {
        assertThat(TextCleaner.clean(" \n a  b \t")).isEqualTo("a  b");
    }

    @Test
    void charactersBeyondTheBasicPlaneStay() {
        assertThat(TextCleaner.clean("\uD83D\uDE00")).isEqualTo("\uD83D\uDE00");
    }
}
