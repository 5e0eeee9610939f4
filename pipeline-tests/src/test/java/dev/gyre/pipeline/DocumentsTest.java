package dev.gyre.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the documents name is there.
class DocumentsTest {

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");
    private static final Pattern DESCRIPTION = Pattern.compile("<description>([^<]+)</description>");

    static Stream<Path> documents() throws IOException {
        try (var docs = Files.walk(Checkout.ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(Checkout.ROOT.resolve("README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).toList().stream())
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkLeadsSomewhere(Path document) throws IOException {
        var links = LINK.matcher(Files.readString(document));

        while (links.find()) {
            assertThat(document.resolveSibling(links.group(1)))
                    .as("link in %s", document)
                    .exists();
        }
    }

    @Test
    void readmeCaptionsAreThoseOfTheModules() throws IOException {
        var readme = Files.readString(Checkout.ROOT.resolve("README.md"));

        for (var module : Checkout.modules().toList()) {
            var description = DESCRIPTION.matcher(
                    Files.readString(Checkout.ROOT.resolve(module).resolve("pom.xml")));
            assertThat(description.find()).as("description of %s", module).isTrue();
            assertThat(readme).contains("`" + module + "`").containsIgnoringCase(description.group(1));
        }
    }

    @Test
    void everyTopicIsDeclaredOnceForDeployment() throws IOException {
        var contracts = Checkout.ROOT.resolve("event-contracts/src/main/java/dev/gyre/events");
        var topic = Pattern.compile("TOPIC = \"([a-z]+)\"");
        var declared = Files.readString(Checkout.ROOT.resolve("deploy/topics.yaml"));

        try (var files = Files.list(contracts)) {
            for (var file : files.toList()) {
                var found = topic.matcher(Files.readString(file));
                if (found.find()) {
                    assertThat(declared).containsPattern("\\b" + found.group(1) + "\\b");
                }
            }
        }
    }
}
