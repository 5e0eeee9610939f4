package dev.gyre.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.cli.Gyre;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Nothing is lost while everything is killed: `./gyre bench chaos`, as a person runs it.
class ChaosIT {

    /// At least three kills of each part; `-Dgyre.kills=100` kills more. What was run is in `docs/chaos.md`.
    private static final int KILLS = Integer.getInteger("gyre.kills", 30);

    private static final String HOME =
            Checkout.ROOT.resolve("pipeline-tests/target/chaos").toString();

    @AfterEach
    void nothingIsLeft() {
        assertThat(Circle.gyre("down", "--home", HOME, "--wipe")).isZero();
    }

    @Test
    void everythingSubmittedIsThereOnceHoweverOftenThePartsAreKilled() throws IOException {
        var out = new StringWriter();
        var talk = new StringWriter();

        var exit = new CommandLine(new Gyre())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(talk, true))
                .execute("bench", "chaos", "--kills", Integer.toString(KILLS), "--seed", "7", "--home", HOME, "--json");

        assertThat(exit)
                .as("on one line, because a log of tests shows no more: %s", said(talk.toString() + out))
                .isZero();
        var counted = new ObjectMapper().readTree(out.toString());
        assertThat(counted.path("kills").asInt()).isEqualTo(KILLS);
        assertThat(counted.path("submitted").asLong()).isGreaterThan(100);
        assertThat(counted.path("lost").asLong(-1)).isZero();
        assertThat(counted.path("duplicated").asLong(-1)).isZero();
    }

    private static String said(String talk) {
        return talk.strip().replaceAll("\\s*\\R\\s*", " | ");
    }
}
