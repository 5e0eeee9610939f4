package dev.gyre.annotation.assignment;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What somebody can and belongs to.
///
/// @param cohorts groups that somebody was put into
/// @param skills such as `law` or `java`
/// @param languages such as `de` or `pt-br`, in lower case
public record Tags(List<String> cohorts, List<String> skills, List<String> languages) {

    static final Tags NONE = new Tags(List.of(), List.of(), List.of());

    private static final int MOST = 50;
    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,63}");

    public Tags {
        cohorts = checked("cohorts", cohorts);
        skills = checked("skills", skills);
        languages = checked("languages", languages);
    }

    /// Tags as they are sent.
    record Form(
            @Nullable List<@Nullable String> cohorts,
            @Nullable List<@Nullable String> skills,
            @Nullable List<@Nullable String> languages) {

        Tags tags() {
            return new Tags(given(cohorts), given(skills), given(languages));
        }

        private static List<String> given(@Nullable List<@Nullable String> tags) {
            return tags == null
                    ? List.of()
                    : tags.stream().map(tag -> Objects.requireNonNullElse(tag, "")).toList();
        }
    }

    private static List<String> checked(String name, List<String> tags) {
        if (tags.size() > MOST) {
            throw new IllegalArgumentException("%s has %d tags, at most %d".formatted(name, tags.size(), MOST));
        }
        var clean = tags.stream().map(tag -> tag.strip().toLowerCase(Locale.ROOT)).distinct().sorted().toList();
        for (var tag : clean) {
            if (!TAG.matcher(tag).matches()) {
                throw new IllegalArgumentException(
                        "%s has '%s', each tag must be 1 to 64 letters, digits, spaces, ., _ or -".formatted(name, tag));
            }
        }
        return clean;
    }

    /// Every tag in one list, each with its kind.
    List<String> all() {
        return Stream.of(
                        cohorts.stream().map(tag -> "cohort:" + tag),
                        skills.stream().map(tag -> "skill:" + tag),
                        languages.stream().map(tag -> "language:" + tag))
                .flatMap(tags -> tags)
                .toList();
    }

    static Tags of(List<String> all) {
        return new Tags(those(all, "cohort:"), those(all, "skill:"), those(all, "language:"));
    }

    private static List<String> those(List<String> all, String kind) {
        return all.stream()
                .filter(tag -> tag.startsWith(kind))
                .map(tag -> tag.substring(kind.length()))
                .toList();
    }
}
