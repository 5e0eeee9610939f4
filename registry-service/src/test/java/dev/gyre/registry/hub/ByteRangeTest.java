package dev.gyre.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.registry.hub.ByteRange.Part;
import dev.gyre.registry.hub.ByteRange.Unsatisfiable;
import dev.gyre.registry.hub.ByteRange.Whole;
import org.junit.jupiter.api.Test;

class ByteRangeTest {

    @Test
    void rangesAreReadAsTheyAreMeant() {
        assertThat(ByteRange.parse("bytes=0-0", 10)).isEqualTo(new Part(0, 0));
        assertThat(ByteRange.parse("bytes=2-5", 10)).isEqualTo(new Part(2, 5));
        assertThat(ByteRange.parse("bytes=7-", 10)).isEqualTo(new Part(7, 9));
        assertThat(ByteRange.parse("bytes=7-99", 10)).isEqualTo(new Part(7, 9));
        assertThat(ByteRange.parse("bytes=-3", 10)).isEqualTo(new Part(7, 9));
        assertThat(ByteRange.parse("bytes=-30", 10)).isEqualTo(new Part(0, 9));
    }

    @Test
    void whatIsNoSingleRangeIsPassedOver() {
        for (var header : new String[] {null, "", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "lines=1-2"}) {
            assertThat(ByteRange.parse(header, 10)).isEqualTo(new Whole());
        }
    }

    @Test
    void beyondTheEndCannotBeSatisfied() {
        assertThat(ByteRange.parse("bytes=10-", 10)).isEqualTo(new Unsatisfiable());
        assertThat(ByteRange.parse("bytes=-0", 10)).isEqualTo(new Unsatisfiable());
    }

    @Test
    void probeOfAnEmptyFileIsAnsweredAsHubClientsNeedIt() {
        var range = ByteRange.parse("bytes=0-0", 0);

        assertThat(range).isInstanceOfSatisfying(Part.class, part -> {
            assertThat(part.length()).isZero();
            assertThat(part.contentRange(0)).isEqualTo("bytes 0-0/0");
        });
    }
}
