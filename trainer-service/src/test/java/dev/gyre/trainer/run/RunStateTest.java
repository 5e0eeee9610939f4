package dev.gyre.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.trainer.run.RunState.Cancelled;
import dev.gyre.trainer.run.RunState.Cancelling;
import dev.gyre.trainer.run.RunState.Failed;
import dev.gyre.trainer.run.RunState.Queued;
import dev.gyre.trainer.run.RunState.Running;
import org.junit.jupiter.api.Test;

class RunStateTest {

    @Test
    void everyStartIsAnAttempt() {
        assertThat(new Queued(0, 0, null).start()).isEqualTo(new Running(1, 0));
        assertThat(new Queued(4, 2, "store is away").start()).isEqualTo(new Running(5, 2));
    }

    @Test
    void theThirdCrashThatGotNoFurtherFailsTheRun() {
        var first = new Running(1, 0).crash("SIGSEGV");
        var second = new Running(2, 1).crash("SIGSEGV");
        var third = new Running(3, 2).crash("SIGSEGV");

        assertThat(first).isEqualTo(new Queued(1, 1, "SIGSEGV"));
        assertThat(second).isEqualTo(new Queued(2, 2, "SIGSEGV"));
        assertThat(third).isEqualTo(new Failed(3, "given up after 3 attempts that got no further: SIGSEGV"));
    }

    @Test
    void aStepFurtherThanAnyBeforeForgivesCrashes() {
        assertThat(new Running(3, 2).advance().crash("killed")).isEqualTo(new Queued(3, 1, "killed"));
    }

    @Test
    void anOutageIsWaitedForLongerThanACrash() {
        assertThat(new Running(3, 2).miss("store is away")).isEqualTo(new Queued(3, 3, "store is away"));
        assertThat(new Running(12, 11).miss("store is away")).isInstanceOf(Queued.class);
        assertThat(new Running(150, 149).miss("store is away")).isInstanceOf(Failed.class);
    }

    @Test
    void leavingBlamesNobody() {
        assertThat(new Running(2, 1).handBack()).isEqualTo(new Queued(2, 1, null));
    }

    @Test
    void aWaitingRunIsCancelledAtOnceAndARunningOneOnceItStops() {
        assertThat(new Queued(0, 0, null).cancel("eve")).isEqualTo(new Cancelled(0, "eve"));
        assertThat(new Running(2, 0).cancel("eve")).isEqualTo(new Cancelling(2, "eve"));
        assertThat(new Cancelling(2, "eve").stop()).isEqualTo(new Cancelled(2, "eve"));
    }
}
