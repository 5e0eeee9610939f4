package dev.gyre.registry.hub;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which bytes of a file are wanted, as RFC 9110 writes it in the header `Range`.
sealed interface ByteRange {

    /// All of them: no range, or one in a form that a server may pass over.
    record Whole() implements ByteRange {}

    /// @param first first byte, from 0
    /// @param last last byte, included; before `first` where the file is empty
    record Part(long first, long last) implements ByteRange {

        long length() {
            return last - first + 1;
        }

        boolean isAllOf(long size) {
            return first == 0 && length() == size;
        }

        String contentRange(long size) {
            return size == 0 ? "bytes 0-0/0" : "bytes %d-%d/%d".formatted(first, last, size);
        }
    }

    /// Beyond the end of the file.
    record Unsatisfiable() implements ByteRange {}

    Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

    /// A range of an empty file is the empty part, because Hub clients probe every file with `bytes=0-0`.
    static ByteRange parse(@Nullable String header, long size) {
        var one = header == null ? null : ONE.matcher(header);
        if (one == null
                || !one.matches()
                || (one.group(1).isEmpty() && one.group(2).isEmpty())) {
            return new Whole();
        }
        if (size == 0) {
            return new Part(0, -1);
        }
        if (one.group(1).isEmpty()) {
            var suffix = Long.parseLong(one.group(2));
            return suffix == 0 ? new Unsatisfiable() : new Part(Math.max(0, size - suffix), size - 1);
        }
        var first = Long.parseLong(one.group(1));
        var last = one.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(one.group(2)), size - 1);
        if (!one.group(2).isEmpty() && Long.parseLong(one.group(2)) < first) {
            return new Whole();
        }
        return first >= size ? new Unsatisfiable() : new Part(first, last);
    }
}
