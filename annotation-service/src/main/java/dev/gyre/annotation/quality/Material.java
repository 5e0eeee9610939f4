package dev.gyre.annotation.quality;

import java.util.List;

/// All that the quality of a project is worked out from.
///
/// @param stamp changes with every judgement that is given or withdrawn, and every probe that is answered
record Material(Stamp stamp, List<Asked> tasks, List<Answer> answers, List<Probed> probes) {

    Material {
        tasks = List.copyOf(tasks);
        answers = List.copyOf(answers);
        probes = List.copyOf(probes);
    }

    record Stamp(long position, long withdrawn, long probes) {}
}
