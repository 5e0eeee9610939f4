package dev.gyre.annotation;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import dev.gyre.annotation.TestPages.View;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Import with a preview and export, on the page of a project.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class ExchangePageFlowTest {

    private static final String PAIRS = """
            {"prompt": "How are you?", "chosen": "Fine.", "rejected": "What?"}
            {"prompt": "And now?", "chosen": "Same.", "rejected": "Same."}
            """;

    @Inject
    TestPages pages;

    @ParameterizedTest
    @EnumSource
    void aFileIsLookedAtTakenInAndComesOutAgain(View view) {
        var project = TestPages.project(UUID.randomUUID().toString(), "\"question\": {\"type\": \"PAIRWISE\"}");
        pages.visit(view, page -> {
            page.navigate("/projects/" + project);
            assertThat(page.locator("#import select[name=format] option")).hasCount(15);
            assertThat(page.locator("#import button[value=take]")).isDisabled();

            page.locator("#import input[type=file]")
                    .setInputFiles(new FilePayload(
                            "pairs-trl-preference.jsonl",
                            "application/jsonl",
                            PAIRS.getBytes(StandardCharsets.UTF_8)));
            assertThat(page.locator("#import select[name=format]")).hasValue("trl-preference");
            page.locator("#import select[name=kind]").selectOption("HUMAN");
            page.locator("#import button[value=look]").click();

            assertThat(page.locator("#import-report"))
                    .containsText("2 rows read, 1 task would be new, 1 judgement, 1 row refused.");
            assertThat(page.locator("#import-report")).containsText("chosen and rejected are the same");
            assertThat(page.locator("#import-report")).containsText("How are you?");
            TestPages.look(page, "import-preview-" + view);

            page.locator("#import button[value=take]").click();
            assertThat(page.locator("#import-report")).containsText("1 task new");
            assertThat(page.locator("#project")).containsText("1 / 1");
            assertThat(page.locator("#import button[value=take]")).isDisabled();

            page.locator("#export select[name=format]").selectOption("hh");
            page.locator(".exchange summary").click();
            assertThat(page.locator("#losses")).containsText("A ranking stands as its pairs");
            TestPages.look(page, "export-" + view);
            var download = page.waitForDownload(page.locator("#export button")::click);
            assertThat(download.suggestedFilename()).isEqualTo(project + "-hh.jsonl");
            assertThat(text(download.path())).contains("Assistant: Fine.");
        });
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException lost) {
            throw new IllegalStateException(lost);
        }
    }
}
