package dev.gyre.llm.parallel;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// Workers that add up what each has found: synchronous data parallelism
/// ([paper](https://arxiv.org/abs/1706.02677), section 2.3).
///
/// Worker 0 adds in the order of ranks, so a sum is the same in every run and on every worker, to the bit. The workers
/// trust each other: use an address that nobody else reaches, as a loopback one.
public final class Group implements AutoCloseable {

    private static final int GREETING = 0x47595245;
    private static final int ALONE = 1;

    /// A worker as another sees it.
    private record Peer(int rank, Socket socket, DataInputStream in, DataOutputStream out) {

        static Peer of(int rank, Socket socket, Duration patience) throws IOException {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            return new Peer(
                    rank,
                    socket,
                    new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16)),
                    new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16)));
        }
    }

    private final int rank;
    private final int size;

    /// All others in the order of ranks for worker 0, worker 0 for the others.
    private final List<Peer> peers;

    private Group(int rank, int size, List<Peer> peers) {
        this.rank = rank;
        this.size = size;
        this.peers = List.copyOf(peers);
    }

    /// One worker, which has nobody to wait for.
    public static Group alone() {
        return new Group(0, ALONE, List.of());
    }

    /// Meets the other workers; every one calls this with its own rank.
    ///
    /// @param rank of this worker, from 0 to `size` − 1, each once
    /// @param address where worker 0 listens
    /// @param patience how long to wait for the others, here and in every sum
    /// @throws IllegalArgumentException where rank and size do not fit, or the workers disagree on the size
    /// @throws IllegalStateException where the others do not come
    public static Group join(int rank, int size, InetSocketAddress address, Duration patience) {
        if (size < 1 || rank < 0 || rank >= size) {
            throw new IllegalArgumentException(
                    "rank is %d of %d workers, must be from 0, below their number".formatted(rank, size));
        }
        if (size == ALONE) {
            return alone();
        }
        try {
            return new Group(
                    rank,
                    size,
                    rank == 0 ? guests(size, address, patience) : List.of(host(rank, size, address, patience)));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "worker %d of %d did not meet the others at %s within %s: %s"
                            .formatted(rank, size, address, patience, e.getMessage()),
                    e);
        }
    }

    private static List<Peer> guests(int size, InetSocketAddress address, Duration patience) throws IOException {
        var guests = new Peer[size];
        try (var door = new ServerSocket()) {
            door.setReuseAddress(true);
            door.bind(address);
            door.setSoTimeout(Math.toIntExact(patience.toMillis()));
            for (int come = 1; come < size; come++) {
                var guest = Peer.of(0, door.accept(), patience);
                int greeting = guest.in().readInt();
                int rank = guest.in().readInt();
                int theirs = guest.in().readInt();
                boolean fits =
                        greeting == GREETING && theirs == size && rank > 0 && rank < size && guests[rank] == null;
                guest.out().writeBoolean(fits);
                guest.out().flush();
                if (!fits) {
                    throw new IllegalArgumentException(
                            "a worker came to a group of %d as rank %d of %d; give each of 0 to %d once"
                                    .formatted(size, rank, theirs, size - 1));
                }
                guests[rank] = new Peer(rank, guest.socket(), guest.in(), guest.out());
            }
        } catch (IOException | RuntimeException e) {
            for (var guest : guests) {
                if (guest != null) {
                    guest.socket().close();
                }
            }
            throw e;
        }
        return Arrays.asList(guests).subList(1, size);
    }

    private static Peer host(int rank, int size, InetSocketAddress address, Duration patience) throws IOException {
        var host = Peer.of(0, reach(address, patience), patience);
        host.out().writeInt(GREETING);
        host.out().writeInt(rank);
        host.out().writeInt(size);
        host.out().flush();
        if (!host.in().readBoolean()) {
            host.socket().close();
            throw new IllegalArgumentException(
                    "worker 0 at %s does not take rank %d of %d; give each rank once and all the same size"
                            .formatted(address, rank, size));
        }
        return host;
    }

    /// Knocks until worker 0 listens.
    private static Socket reach(InetSocketAddress address, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            var socket = new Socket();
            try {
                socket.connect(address, Math.toIntExact(patience.toMillis()));
                return socket;
            } catch (IOException e) {
                socket.close();
                if (System.nanoTime() > end) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for worker 0", e);
        }
    }

    public int rank() {
        return rank;
    }

    public int size() {
        return size;
    }

    /// Replaces the values by the sums over all workers; every worker calls it with as many.
    ///
    /// @throws IllegalStateException where another worker is gone, or brings another number of values
    public void sum(float[] values) {
        if (size == ALONE) {
            return;
        }
        if (rank == 0) {
            for (var peer : peers) {
                var theirs = receive(peer, values.length);
                for (int i = 0; i < values.length; i++) {
                    values[i] += theirs[i];
                }
            }
            peers.forEach(peer -> send(peer, values));
        } else {
            send(peers.getFirst(), values);
            System.arraycopy(receive(peers.getFirst(), values.length), 0, values, 0, values.length);
        }
    }

    /// Whether it is so for any worker; every worker calls it.
    public boolean any(boolean here) {
        var count = new float[] {here ? 1 : 0};
        sum(count);
        return count[0] > 0;
    }

    /// Makes sure that every worker says the same words.
    ///
    /// @throws IllegalArgumentException where one says others
    public void agree(String words) {
        int own = words.hashCode() & 0xffffff; // a float holds 24 bits exactly
        var ours = new float[size];
        ours[rank] = own;
        sum(ours);
        for (int other = 0; other < size; other++) {
            if ((int) ours[other] != own) {
                throw new IllegalArgumentException(
                        "worker %d of %d does not do what worker %d does (%s); give all the same job at the same step"
                                .formatted(other, size, rank, words));
            }
        }
    }

    private void send(Peer peer, float[] values) {
        try {
            var bytes = ByteBuffer.allocate(4 * Math.min(values.length, 1 << 16));
            peer.out().writeInt(values.length);
            for (int from = 0; from < values.length; from += bytes.capacity() / 4) {
                int count = Math.min(values.length - from, bytes.capacity() / 4);
                bytes.asFloatBuffer().put(values, from, count);
                peer.out().write(bytes.array(), 0, 4 * count);
            }
            peer.out().flush();
        } catch (IOException e) {
            throw gone(peer, e);
        }
    }

    private float[] receive(Peer peer, int expected) {
        try {
            int count = peer.in().readInt();
            if (count != expected) {
                throw new IllegalStateException("worker %d brings %d values where worker %d has %d"
                        .formatted(peer.rank(), count, rank, expected));
            }
            var values = new float[count];
            var bytes = ByteBuffer.allocate(4 * Math.min(count, 1 << 16));
            for (int from = 0; from < count; from += bytes.capacity() / 4) {
                int some = Math.min(count - from, bytes.capacity() / 4);
                peer.in().readFully(bytes.array(), 0, 4 * some);
                bytes.asFloatBuffer().get(values, from, some);
            }
            return values;
        } catch (IOException e) {
            throw gone(peer, e);
        }
    }

    private IllegalStateException gone(Peer peer, IOException e) {
        var what = e instanceof SocketTimeoutException ? "does not answer" : "is gone";
        var why = e instanceof EOFException ? "it hung up" : e.getMessage();
        return new IllegalStateException(
                "worker %d of %d %s (%s); start all again, they go on from their checkpoints"
                        .formatted(peer.rank(), size, what, why),
                e);
    }

    @Override
    public void close() {
        for (var peer : peers) {
            try {
                peer.socket().close();
            } catch (IOException _) {
                // it is over for this worker either way
            }
        }
    }
}
