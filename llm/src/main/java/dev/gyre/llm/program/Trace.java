package dev.gyre.llm.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Where a program failed: what torch says of its archive, said of the files that were linked into it.
final class Trace {

    private static final Pattern FRAME = Pattern.compile("File \"([^\"]+)\", line (\\d+)");

    /// After the frames of a program that ran; before those of one that does not compile.
    private static final Pattern FAILURE = Pattern.compile("(?s)\\n\\w[\\w.]*(?:Error|Exception): (.*)$");

    private static final Pattern COMPILATION = Pattern.compile("(?s)^(.*?)(?: here)?:\\s*\\n\\s*File \"");

    private Trace() {}

    /// One line: the file and the line that failed, why, and who called it.
    ///
    /// @param message of the engine
    /// @param origins the program file at each path of the archive
    static String told(String message, Map<String, String> origins) {
        var frames = frames(message, origins);
        if (frames.isEmpty()) {
            return oneLine(message);
        }
        var failure = FAILURE.matcher(message);
        if (failure.find()) {
            Collections.reverse(frames);
            return told(frames, failure.group(1));
        }
        var compilation = COMPILATION.matcher(message);
        return told(frames, compilation.find() ? compilation.group(1) : message);
    }

    private static List<String> frames(String message, Map<String, String> origins) {
        var frames = new ArrayList<String>();
        var frame = FRAME.matcher(message);
        while (frame.find()) {
            var origin = origins.get(frame.group(1));
            if (origin != null) {
                frames.add("%s.torchscript:%s".formatted(origin, frame.group(2)));
            }
        }
        return frames;
    }

    private static String told(List<String> frames, String reason) {
        var text = new StringBuilder(frames.getFirst()).append(": ").append(oneLine(reason));
        frames.stream().skip(1).forEach(caller -> text.append(", called from ").append(caller));
        return text.toString();
    }

    /// Without the engine's own stack, which names no program.
    private static String oneLine(String reason) {
        int stack = reason.indexOf("Exception raised from");
        return (stack < 0 ? reason : reason.substring(0, stack)).strip().replaceAll("\\s*\\n\\s*", " ");
    }
}
