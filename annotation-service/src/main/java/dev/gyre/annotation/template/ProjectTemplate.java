package dev.gyre.annotation.template;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gyre.annotation.project.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// A project that only lacks its source.
///
/// @param summary what it is for, and what it gives
/// @param candidates how many answers each sample must bring, 0 for none; where it brings too few, a model can be asked
/// @param answersPerItem how many people judge each task
public record ProjectTemplate(
        String id,
        String name,
        String summary,
        List<Question> questions,
        int candidates,
        int answersPerItem,
        String guidelines) {

    public ProjectTemplate {
        questions = List.copyOf(questions);
    }

    /// All templates, in the order in which they are offered.
    static List<ProjectTemplate> all() {
        try (var file = ProjectTemplate.class.getResourceAsStream("/project-templates.json")) {
            if (file == null) {
                throw new IllegalStateException("project-templates.json is not in the program");
            }
            return JsonMapper.builder().build().readValue(file, new TypeReference<List<ProjectTemplate>>() {});
        } catch (IOException broken) {
            throw new UncheckedIOException("project-templates.json cannot be read", broken);
        }
    }
}
