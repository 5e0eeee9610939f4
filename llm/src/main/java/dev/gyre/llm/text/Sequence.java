package dev.gyre.llm.text;

import java.util.Arrays;

/// Token ids of a row, and which of them are to be foreseen; the first token never is.
///
/// Most often these are all from `start` on; in a conversation they are what the assistant says.
public final class Sequence {

    private final long[] ids;
    private final int start;

    /// Whether each token is to be foreseen.
    private final boolean[] learned;

    public Sequence(long[] ids, int start) {
        this(ids.clone(), start, from(start, ids.length));
    }

    private Sequence(long[] ids, int start, boolean[] learned) {
        if (start < 1) {
            throw new IllegalArgumentException("start is %d, must be 1 or more".formatted(start));
        }
        this.ids = ids;
        this.start = start;
        this.learned = learned;
    }

    private static boolean[] from(int start, int length) {
        var learned = new boolean[length];
        Arrays.fill(learned, Math.clamp(start, 0, length), length, true);
        return learned;
    }

    /// A row of which the marked tokens are to be foreseen.
    public static Sequence of(MaskedTokens tokens) {
        var ids = new long[tokens.length()];
        var learned = new boolean[ids.length];
        int start = ids.length;
        for (int i = ids.length - 1; i >= 0; i--) {
            ids[i] = tokens.ids().get(i);
            learned[i] = i > 0 && tokens.learned().get(i);
            start = learned[i] ? i : start;
        }
        return new Sequence(ids, Math.max(1, start), learned);
    }

    public int length() {
        return ids.length;
    }

    public long id(int index) {
        return ids[index];
    }

    public long[] ids() {
        return ids.clone();
    }

    /// The first token to be foreseen.
    public int start() {
        return start;
    }

    /// Whether a token is to be foreseen.
    public boolean learns(int index) {
        return learned[index];
    }

    /// Number of tokens to be foreseen.
    public int targets() {
        int count = 0;
        for (var each : learned) {
            count += each ? 1 : 0;
        }
        return count;
    }

    /// The same row, to be foreseen from another token on.
    public Sequence from(int first) {
        return new Sequence(ids, first, from(first, ids.length));
    }

    /// The first tokens of this row.
    public Sequence cut(int length) {
        return length >= ids.length
                ? this
                : new Sequence(Arrays.copyOf(ids, length), start, Arrays.copyOf(learned, length));
    }

    /// This row after other ids, which are not foreseen.
    public Sequence after(long[] before) {
        var all = Arrays.copyOf(before, before.length + ids.length);
        System.arraycopy(ids, 0, all, before.length, ids.length);
        var marks = new boolean[all.length];
        System.arraycopy(learned, 0, marks, before.length, ids.length);
        return new Sequence(all, start + before.length, marks);
    }

    /// The first tokens of this row and its last one, which closes a text that is read whole.
    public Sequence closedAt(int length) {
        if (length >= ids.length) {
            return this;
        }
        var kept = Arrays.copyOf(ids, length);
        kept[length - 1] = ids[ids.length - 1];
        return new Sequence(kept, start, Arrays.copyOf(learned, length));
    }

    /// The largest id.
    public long largest() {
        return Arrays.stream(ids).max().orElse(0);
    }

    /// Whether both rows have the same tokens.
    public boolean says(Sequence other) {
        return Arrays.equals(ids, other.ids);
    }
}
