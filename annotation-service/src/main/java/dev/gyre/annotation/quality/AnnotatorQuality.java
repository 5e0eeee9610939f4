package dev.gyre.annotation.quality;

import dev.gyre.annotation.reliability.Reliability;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How good one annotator's judgements are; a number that the judgements do not carry is missing.
///
/// @param annotator pseudonym
/// @param kind what stands behind it
/// @param judged judgements that stand
/// @param agreement how far it says what most of the others say, with κ and any doubt
/// @param agreed the same share with its interval
/// @param dawidSkene how often it is right by Dawid and Skene
/// @param mace how often it looks by MACE
/// @param consistent repeats that it answered as before
/// @param left pairs that it decided for the answer shown first
/// @param longer pairs that it decided for the longer answer
/// @param activeMillis median time in focus, where it was measured
/// @param hasty measured judgements that took less time than reading does
/// @param gold gold questions that it answered as known
/// @param remarks what a manager should look at, whole sentences with figures; nothing follows of itself
public record AnnotatorQuality(
        String annotator,
        String kind,
        int judged,
        Reliability agreement,
        @Nullable Share agreed,
        @Nullable Double dawidSkene,
        @Nullable Double mace,
        @Nullable Share consistent,
        @Nullable Share left,
        @Nullable Share longer,
        @Nullable Long activeMillis,
        @Nullable Share hasty,
        @Nullable Share gold,
        List<String> remarks) {

    public AnnotatorQuality {
        remarks = List.copyOf(remarks);
    }
}
