package dev.gyre.eval.detector;

import java.util.random.RandomGenerator;

/// MT19937 seeded as Python's `random.Random(int)` seeds it.
///
/// Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 1998.
final class MersenneTwister implements RandomGenerator {

    private static final int SIZE = 624;
    private static final int SHIFT = 397;

    private final int[] state = new int[SIZE];
    private int next = SIZE;

    MersenneTwister(int seed) {
        fill(19650218);
        var index = 1;
        for (var i = 0; i < SIZE; i++) {
            state[index] = (state[index] ^ mixed(index - 1) * 1664525) + seed;
            index = following(index);
        }
        for (var i = 0; i < SIZE - 1; i++) {
            state[index] = (state[index] ^ mixed(index - 1) * 1566083941) - index;
            index = following(index);
        }
        state[0] = 0x80000000;
    }

    private void fill(int seed) {
        state[0] = seed;
        for (var i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * mixed(i - 1) + i;
        }
    }

    private int mixed(int index) {
        return state[index] ^ (state[index] >>> 30);
    }

    private int following(int index) {
        if (index + 1 < SIZE) {
            return index + 1;
        }
        state[0] = state[SIZE - 1];
        return 1;
    }

    @Override
    public int nextInt() {
        if (next == SIZE) {
            twist();
        }
        var number = state[next++];
        number ^= number >>> 11;
        number ^= (number << 7) & 0x9d2c5680;
        number ^= (number << 15) & 0xefc60000;
        return number ^ (number >>> 18);
    }

    private void twist() {
        for (var i = 0; i < SIZE; i++) {
            var bits = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
            state[i] = state[(i + SHIFT) % SIZE] ^ (bits >>> 1) ^ ((bits & 1) == 0 ? 0 : 0x9908b0df);
        }
        next = 0;
    }

    @Override
    public long nextLong() {
        return ((long) nextInt() << 32) ^ nextInt();
    }
}
