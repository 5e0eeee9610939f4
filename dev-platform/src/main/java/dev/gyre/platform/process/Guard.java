package dev.gyre.platform.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;

/// Ends the programs of this virtual machine when the machine itself is gone, however it went.
///
/// A tiny shell waits on a pipe that only this process holds. The pipe ends with us, even at `kill -9`; then the
/// shell stops what is still watched, newest first, and after ten seconds ends what did not listen.
public final class Guard {

    private static final String SCRIPT = """
            trap '' INT TERM HUP
            watched=
            while read -r verb pid signal; do
              case $verb in
                watch) watched="$pid:$signal $watched" ;;
                forget) kept=; for w in $watched; do [ "${w%:*}" = "$pid" ] || kept="$kept $w"; done; watched=$kept ;;
              esac
            done
            for w in $watched; do kill -s "${w#*:}" "${w%:*}" 2>/dev/null; done
            for second in 1 2 3 4 5 6 7 8 9 10; do
              alive=
              for w in $watched; do kill -0 "${w%:*}" 2>/dev/null && alive=yes; done
              [ "$alive" ] || exit 0
              sleep 1
            done
            for w in $watched; do kill -s KILL "${w%:*}" 2>/dev/null; done
            """;

    private static final Guard INSTANCE = new Guard();

    private final OutputStream orders;

    private Guard() {
        try {
            var shell = new ProcessBuilder("/bin/sh", "-c", SCRIPT)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            orders = shell.getOutputStream();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot start /bin/sh, which watches over the servers", cause);
        }
    }

    public static Guard instance() {
        return INSTANCE;
    }

    public synchronized void watch(long pid, String signal) {
        say("watch " + pid + " " + signal);
    }

    public synchronized void forget(long pid) {
        say("forget " + pid + " -");
    }

    private void say(String order) {
        try {
            orders.write((order + "\n").getBytes(StandardCharsets.UTF_8));
            orders.flush();
        } catch (IOException cause) {
            throw new UncheckedIOException("the shell that watches over the servers is gone", cause);
        }
    }
}
