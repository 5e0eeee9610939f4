package dev.gyre.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A TCP line to one of several ends, which can be slow, or silent: it takes everything and carries nothing.
final class Line implements AutoCloseable {

    private static final int CONNECT = 2000;
    private static final int SLOW = 150;

    private final List<InetSocketAddress> ends;
    private final ServerSocket entrance;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger carried = new AtomicInteger();
    private final Collection<Connection> connections = new CopyOnWriteArrayList<>();
    private volatile boolean slow;
    private volatile boolean silent;

    private Line(List<InetSocketAddress> ends, ServerSocket entrance) {
        this.ends = ends;
        this.entrance = entrance;
    }

    /// New connections go to the ends in turn; an end that does not answer is passed over.
    static Line to(URI... ends) {
        try {
            var line = new Line(
                    List.of(ends).stream()
                            .map(end -> new InetSocketAddress(end.getHost(), end.getPort()))
                            .toList(),
                    new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(line::accept);
            return line;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    int port() {
        return entrance.getLocalPort();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /// How many connections there have been.
    int carried() {
        return carried.get();
    }

    void slow(boolean on) {
        slow = on;
    }

    /// From now on nothing arrives, and nobody is told. Connections that fell silent stay so for ever, like those to a
    /// machine that is no more; new ones are good again once this is over.
    void silent(boolean on) {
        silent = on;
        if (on) {
            connections.forEach(connection -> connection.dead = true);
        }
    }

    private final class Connection {

        private final Socket near;
        private final Socket far;
        private volatile boolean dead = silent;

        Connection(Socket near, Socket far) {
            this.near = near;
            this.far = far;
        }

        void carry() {
            Thread.ofVirtual().start(() -> pump(near, far));
            Thread.ofVirtual().start(() -> pump(far, near));
        }

        private void pump(Socket from, Socket to) {
            var bytes = new byte[1 << 16];
            try {
                for (int read; (read = from.getInputStream().read(bytes)) >= 0; ) {
                    if (slow) {
                        Thread.sleep(SLOW);
                    }
                    if (!dead) {
                        to.getOutputStream().write(bytes, 0, read);
                    }
                }
            } catch (IOException gone) {
                // The other side is told below.
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            if (!dead) {
                end();
            }
        }

        private void end() {
            connections.remove(this);
            shut(near);
            shut(far);
        }
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                var near = entrance.accept();
                Thread.ofVirtual().start(() -> join(near));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void join(Socket near) {
        var first = turn.getAndIncrement();
        for (int tried = 0; tried < ends.size(); tried++) {
            var far = new Socket();
            try {
                far.connect(ends.get(Math.floorMod(first + tried, ends.size())), CONNECT);
                var connection = new Connection(near, far);
                connections.add(connection);
                carried.incrementAndGet();
                connection.carry();
                return;
            } catch (IOException away) {
                shut(far);
            }
        }
        shut(near);
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is closed, which is what was wanted.
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        connections.forEach(Connection::end);
    }
}
