package dev.gyre.cli.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A hub with one model, `acme/tiny`, whose large files lie with somebody else, as on the real one.
final class TinyHub implements AutoCloseable {

    private static final String COMMIT = "c".repeat(40);

    private final Map<String, byte[]> files = new TreeMap<>();
    private final List<String> requests = new ArrayList<>();
    private final HttpServer server;
    private final HttpServer store;
    private final CountDownLatch closed = new CountDownLatch(1);
    private int cutsLeft;
    private boolean silent;
    private boolean secret;
    private boolean lying;

    TinyHub() throws IOException {
        server = start(this::answer);
        store = start(this::give);
    }

    private static HttpServer start(HttpHandler handler) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    String endpoint() {
        return "http://127.0.0.1:%d".formatted(server.getAddress().getPort());
    }

    void put(String path, byte[] content) {
        files.put(path, content);
    }

    /// The next answers with a large file end in the middle.
    void cut(int times) {
        cutsLeft = times;
    }

    /// The next answer with a large file stops in the middle and stays open.
    void fallSilent() {
        silent = true;
    }

    void askForToken() {
        secret = true;
    }

    /// Names a digest that no file has.
    void lie() {
        lying = true;
    }

    /// Paths asked for, with the range and whether the token came along.
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    private synchronized void note(HttpExchange exchange) {
        var headers = exchange.getRequestHeaders();
        requests.add("%s %s%s"
                .formatted(
                        exchange.getRequestURI().getRawPath(),
                        headers.getFirst("Range") == null ? "whole" : headers.getFirst("Range"),
                        headers.containsKey("Authorization") ? " with token" : ""));
    }

    private void answer(HttpExchange exchange) throws IOException {
        note(exchange);
        var path = exchange.getRequestURI().getPath();
        if (secret && !"Bearer hf_right".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            refuse(exchange, 401, "GatedRepo");
        } else if (!path.contains("acme/tiny")) {
            refuse(exchange, 404, "RepoNotFound");
        } else if (path.equals("/api/models/acme/tiny/revision/main")) {
            send(exchange, 200, "{\"sha\":\"%s\"}".formatted(COMMIT).getBytes(UTF_8));
        } else if (path.equals("/api/models/acme/tiny/tree/" + COMMIT)) {
            list(exchange);
        } else if (path.startsWith("/acme/tiny/resolve/" + COMMIT + "/")) {
            resolve(exchange, path.substring(path.indexOf(COMMIT) + 41));
        } else {
            refuse(exchange, 404, "RevisionNotFound");
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        var query = exchange.getRequestURI().getQuery();
        int page = query.contains("cursor=") ? Integer.parseInt(query.replaceFirst(".*cursor=", "")) : 0;
        var names = List.copyOf(files.keySet());
        var shown = names.subList(2 * page, Math.min(2 * page + 2, names.size()));
        if (2 * page + 2 < names.size()) {
            exchange.getResponseHeaders()
                    .add(
                            "Link",
                            "<%s%s?recursive=true&cursor=%d>; rel=\"next\""
                                    .formatted(
                                            endpoint(), exchange.getRequestURI().getPath(), page + 1));
        }
        send(exchange, 200, shown.stream().map(this::entry).toList().toString().getBytes(UTF_8));
    }

    private String entry(String name) {
        var bytes = Objects.requireNonNull(files.get(name));
        var git = digest("SHA-1", ("blob %d\0".formatted(bytes.length)).getBytes(UTF_8), bytes);
        var lfs = large(name)
                ? ",\"lfs\":{\"oid\":\"%s\",\"size\":%d,\"pointerSize\":134}"
                        .formatted(lying ? "0".repeat(64) : digest("SHA-256", new byte[0], bytes), bytes.length)
                : "";
        return "{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"oid\":\"%s\"%s}"
                .formatted(name, bytes.length, git, lfs);
    }

    private static boolean large(String name) {
        return name.endsWith(".safetensors");
    }

    private static String digest(String algorithm, byte[] before, byte[] bytes) {
        try {
            var digest = MessageDigest.getInstance(algorithm);
            digest.update(before);
            return HexFormat.of().formatHex(digest.digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void resolve(HttpExchange exchange, String name) throws IOException {
        if (!files.containsKey(name)) {
            refuse(exchange, 404, "EntryNotFound");
        } else if (large(name)) {
            exchange.getResponseHeaders()
                    .add(
                            "Location",
                            "http://127.0.0.1:%d/%s"
                                    .formatted(store.getAddress().getPort(), name));
            exchange.sendResponseHeaders(302, -1);
        } else {
            send(exchange, 200, Objects.requireNonNull(files.get(name)));
        }
    }

    private void give(HttpExchange exchange) throws IOException {
        note(exchange);
        var bytes = Objects.requireNonNull(
                files.get(exchange.getRequestURI().getPath().substring(1)));
        var range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.sendResponseHeaders(range == null ? 200 : 206, bytes.length - from);
        boolean quiet = silent;
        silent = false;
        boolean cut = quiet || cutsLeft-- > 0;
        int to = cut ? from + (bytes.length - from) / 2 : bytes.length;
        exchange.getResponseBody().write(Arrays.copyOfRange(bytes, from, to));
        exchange.getResponseBody().flush();
        if (quiet) {
            stay();
        }
    }

    /// Until the server is closed, or as good as.
    private void stay() {
        try {
            closed.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().add("X-Error-Code", code);
        send(exchange, status, "{}".getBytes(UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) {
        try {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        store.stop(0);
    }
}
