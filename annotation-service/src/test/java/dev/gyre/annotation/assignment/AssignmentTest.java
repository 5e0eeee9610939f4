package dev.gyre.annotation.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class AssignmentTest {

    @Test
    void oneOfTheCohortsAndAllOfTheSkillsAreNeeded() {
        var assignment =
                new Assignment(new Tags(List.of("a", "b"), List.of("law", "java"), List.of("de")), false, 1);

        assertThat(assignment.admits(new Tags(List.of("b"), List.of("java", "law", "go"), List.of("de", "en"))))
                .isTrue();
        assertThat(assignment.admits(new Tags(List.of("c"), List.of("java", "law"), List.of("de")))).isFalse();
        assertThat(assignment.admits(new Tags(List.of("a"), List.of("law"), List.of("de")))).isFalse();
        assertThat(assignment.admits(new Tags(List.of("a"), List.of("law", "java"), List.of()))).isFalse();
        assertThat(Assignment.OPEN.admits(Tags.NONE)).isTrue();
    }

    @Test
    void tagsAreCleanedAndReadBack() {
        var tags = new Tags(List.of(" Night shift"), List.of("Java", "java"), List.of("pt-BR"));

        assertThat(tags.all()).containsExactly("cohort:night shift", "skill:java", "language:pt-br");
        assertThat(Tags.of(tags.all())).isEqualTo(tags);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tags(List.of(), List.of(""), List.of()))
                .withMessageStartingWith("skills has ''");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Assignment(Tags.NONE, false, 1.5))
                .withMessage("overlap is 1.5, must be 0 to 1: the share of tasks that get all answers");
    }
}
