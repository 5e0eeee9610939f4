package dev.gyre.platform.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/// Ports of this machine's loopback address.
public final class Ports {

    private static final int LOWEST = 10_000;
    private static final int FIRST_LENT = 32_768;
    private static final int ATTEMPTS = 1000;

    /// Locks on ports that were given out, held until this process ends.
    private static final Map<Integer, FileLock> GIVEN = new HashMap<>();

    private Ports() {}

    /// A port that nobody listens at.
    ///
    /// It is below those that the system lends to outgoing connections (Linux from 32768): one of these may be taken at any
    /// moment, also while what listened there is just being started again.
    public static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, FIRST_LENT);
            if (isFree(port) && reserve(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port on 127.0.0.1 from %d to %d".formatted(LOWEST, FIRST_LENT - 1));
    }

    /// The port asked for, or another one where it is taken.
    ///
    /// A port stays ours before anything listens there: two instances that start at the same moment get different ones.
    public static int freeOr(int wanted) {
        return isFree(wanted) && reserve(wanted) ? wanted : free();
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /// Locks a file that stands for the port on this machine; where there can be none, looking at the port must do.
    private static synchronized boolean reserve(int port) {
        var file = Path.of(System.getProperty("java.io.tmpdir"), "gyre-port-%d.lock".formatted(port));
        if (GIVEN.containsKey(port)) {
            return false;
        }
        try {
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return false;
            }
            GIVEN.put(port, lock);
            return true;
        } catch (IOException unwritable) {
            return true;
        }
    }

    public static boolean open(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }
}
