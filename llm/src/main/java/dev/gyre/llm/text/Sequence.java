package dev.gyre.llm.text;

import java.util.Arrays;

/// Token ids of a row, of which those from `start` on are to be foreseen; the first token never is.
public final class Sequence {

    private final long[] ids;
    private final int start;

    public Sequence(long[] ids, int start) {
        if (start < 1) {
            throw new IllegalArgumentException("start is %d, must be 1 or more".formatted(start));
        }
        this.ids = ids.clone();
        this.start = start;
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

    public int start() {
        return start;
    }

    /// Number of tokens to be foreseen.
    public int targets() {
        return Math.max(0, ids.length - start);
    }

    /// The same row, to be foreseen from another token on.
    public Sequence from(int first) {
        return new Sequence(ids, first);
    }

    /// The first tokens of this row.
    public Sequence cut(int length) {
        return length >= ids.length ? this : new Sequence(Arrays.copyOf(ids, length), start);
    }

    /// This row after other ids, which are not foreseen.
    public Sequence after(long[] before) {
        var all = Arrays.copyOf(before, before.length + ids.length);
        System.arraycopy(ids, 0, all, before.length, ids.length);
        return new Sequence(all, start + before.length);
    }

    /// The first tokens of this row and its last one, which closes a text that is read whole.
    public Sequence closedAt(int length) {
        if (length >= ids.length) {
            return this;
        }
        var kept = Arrays.copyOf(ids, length);
        kept[length - 1] = ids[ids.length - 1];
        return new Sequence(kept, start);
    }

    /// The largest id.
    public long largest() {
        return Arrays.stream(ids).max().orElse(0);
    }
}
