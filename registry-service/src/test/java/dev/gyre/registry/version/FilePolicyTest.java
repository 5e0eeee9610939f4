package dev.gyre.registry.version;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePolicyTest {

    @TempDir
    Path folder;

    @Test
    void filesOfAHuggingFaceFolderAreAdmitted() {
        for (var path : new String[] {
            "config.json",
            "model-00001-of-00002.safetensors",
            "adapter/adapter_model.safetensors",
            "README.md",
            "tokenizer.model",
            "merges.txt",
            "chat_template.jinja",
            "LICENSE",
            "LICENSE.EN10_BabyLlama.txt"
        }) {
            assertThatCode(() -> FilePolicy.admit(path)).doesNotThrowAnyException();
        }
    }

    @Test
    void picklesAndProgramsAreRefusedWithTheReason() {
        for (var path : new String[] {"pytorch_model.bin", "optimizer.pt", "a.pkl"}) {
            assertThatThrownBy(() -> FilePolicy.admit(path)).hasMessageContaining("pickle");
        }
        assertThatThrownBy(() -> FilePolicy.admit("modeling_x.py")).hasMessageContaining("program");
        assertThatThrownBy(() -> FilePolicy.admit("model.gguf")).hasMessageContaining("known kind");
    }

    @Test
    void pathsOutOfTheModelAreRefused() {
        for (var path : new String[] {"../config.json", "/config.json", "a//b.json", ".hidden.json", "we ird.json"}) {
            assertThatThrownBy(() -> FilePolicy.admit(path)).hasMessageContaining("relative path");
        }
    }

    @Test
    void contentHasToBeWhatTheNameSays() throws IOException {
        inspectFails("config.json", "{\"a\":".getBytes(StandardCharsets.UTF_8), "not JSON");
        inspectFails("config.json", "[]".getBytes(StandardCharsets.UTF_8), "JSON object");
        inspectFails("vocab.txt", new byte[] {(byte) 0xc3, 0x28}, "UTF-8");
        inspectFails("tokenizer.model", new byte[] {(byte) 0x80, 4, 0, 0}, "pickle");
        inspectFails("vocab.txt", new byte[] {'P', 'K', 3, 4, 0}, "zip archive");
    }

    @Test
    void wholeSafetensorsFilePasses() throws IOException {
        var file = write(
                "m.safetensors",
                safetensors("{\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}", 16));

        assertThatCode(() -> FilePolicy.inspect("m.safetensors", file)).doesNotThrowAnyException();
    }

    @Test
    void safetensorsFileThatLiesIsRefusedByTensor() throws IOException {
        inspectFails("m.safetensors", "not safetensors at all".getBytes(StandardCharsets.UTF_8), "no safetensors file");
        inspectFails(
                "m.safetensors",
                safetensors("{\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}", 12),
                "cut short");
        inspectFails(
                "m.safetensors",
                safetensors("{\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,16]}}", 16),
                "tensor 'w': F32 of shape [2,3] is 24 bytes");
        inspectFails(
                "m.safetensors",
                safetensors("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8),
                "must begin at 0");
        inspectFails(
                "m.safetensors",
                safetensors("{\"w\":{\"dtype\":\"PICKLE\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4),
                "dtype 'PICKLE'");
    }

    private void inspectFails(String path, byte[] content, String message) throws IOException {
        var file = write(path, content);

        assertThatThrownBy(() -> FilePolicy.inspect(path, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(path)
                .hasMessageContaining(message);
    }

    private Path write(String path, byte[] content) throws IOException {
        return Files.write(folder.resolve(path), content);
    }

    static byte[] safetensors(String header, int data) {
        var json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }
}
