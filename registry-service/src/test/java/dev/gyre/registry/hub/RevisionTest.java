package dev.gyre.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RevisionTest {

    @Test
    void everyWayToNameARevisionIsUnderstood() {
        assertThat(Revision.parse("main")).isEqualTo(new Revision.Champion());
        assertThat(Revision.parse("HEAD")).isEqualTo(new Revision.Champion());
        assertThat(Revision.parse("refs/heads/champion")).isEqualTo(new Revision.Champion());
        assertThat(Revision.parse("v12")).isEqualTo(new Revision.Number(12));
        assertThat(Revision.parse("refs/tags/v3")).isEqualTo(new Revision.Number(3));
        assertThat(Revision.parse("ab".repeat(20))).isEqualTo(new Revision.Commit("ab".repeat(20)));
        assertThat(Revision.parse("stable")).isEqualTo(new Revision.Alias("stable"));
    }
}
