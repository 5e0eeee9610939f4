package dev.gyre.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private final Patience patience = new Patience(Duration.ofSeconds(60), nanos::get);

    @Test
    void isOverOnlyAfterItsTime() {
        assertThat(patience.isOver("data set")).isFalse();

        pass(60);
        assertThat(patience.isOver("data set")).isFalse();

        pass(1);
        assertThat(patience.isOver("data set")).isTrue();
    }

    @Test
    void eachThingHasItsOwnAndBeginsAnewWhenItWasEnded() {
        assertThat(patience.isOver("first")).isFalse();
        pass(61);

        assertThat(patience.isOver("second")).isFalse();
        patience.end("first");
        assertThat(patience.isOver("first")).isFalse();
    }

    private void pass(int seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
