package dev.gyre.llm.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A tokenizer's file is read by native code, which ends the process where it trips.
class DamagedTokenizerTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> LIES =
            List.of("null", "0", "-1", "1e99", "4294967296", "true", "\"\"", "\"\\u0000\"", "[]", "{}", "[[]]", "\"x\"");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatSaysSomethingElseIsRefusedInWordsOrReadWithoutHarm(boolean bytes) throws IOException {
        var file = made(bytes);
        var valid = JSON.readTree(file.toFile());
        var random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 600; i++) {
            var damaged = valid.deepCopy();
            for (int change = random.nextInt(2); change >= 0; change--) {
                change(damaged, random);
            }
            JSON.writeValue(file.toFile(), damaged);
            refused += isRefused() ? 1 : 0;
        }
        assertThat(refused).isBetween(50, 599);
    }

    @Test
    void bytesThatAreCutOrWrongAreRefusedInWordsOrReadWithoutHarm() throws IOException {
        var file = made(true);
        var valid = Files.readAllBytes(file);
        var random = new Random(6);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            var damaged = Arrays.copyOf(valid, random.nextInt(3) == 0 ? random.nextInt(valid.length) : valid.length);
            for (int change = random.nextInt(3); change >= 0 && damaged.length > 0; change--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            refused += isRefused() ? 1 : 0;
        }
        assertThat(refused).isBetween(100, 399);
    }

    private Path made(boolean bytes) {
        var texts = List.of("the cat sat on the mat and the dog ran to the cat".repeat(3), "a b c d e");
        if (bytes) {
            BytePairTrainer.train(texts, 280, folder, 64);
        } else {
            SentencePieceTrainer.train(texts, 290, folder, 64);
        }
        return folder.resolve("tokenizer.json");
    }

    /// Puts something else in a random place, or takes it away.
    private static void change(JsonNode root, Random random) throws IOException {
        var containers = new ArrayList<ContainerNode<?>>();
        collect(root, containers);
        var some = containers.get(random.nextInt(containers.size()));
        if (some.isEmpty()) {
            return;
        }
        int at = random.nextInt(some.size());
        boolean gone = random.nextInt(4) == 0;
        var lie = JSON.readTree(LIES.get(random.nextInt(LIES.size())));
        switch (some) {
            case ObjectNode object -> {
                var name = new ArrayList<>(object.properties()).get(at).getKey();
                if (gone) {
                    object.remove(name);
                } else {
                    object.set(name, lie);
                }
            }
            case ArrayNode array -> {
                if (gone) {
                    array.remove(at);
                } else {
                    array.set(at, lie);
                }
            }
            default -> throw new IllegalStateException("no other container");
        }
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> into) {
        if (node instanceof ContainerNode<?> container) {
            into.add(container);
            container.forEach(child -> collect(child, into));
        }
    }

    private boolean isRefused() {
        try (var tokenizer = Tokenizer.open(folder)) {
            for (var text : List.of("the cat", "", "ünï çødé \uD83D\uDE00", "<s> x </s>")) {
                tokenizer.decode(tokenizer.encode(text));
            }
            return false;
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining(folder.toString()); // the file, or that it has no end token
            return true;
        }
    }
}
