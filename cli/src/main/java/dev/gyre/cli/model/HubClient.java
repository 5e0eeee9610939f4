package dev.gyre.cli.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Speaks the Hugging Face Hub's download protocol.
final class HubClient {

    /// A file of a repository.
    ///
    /// @param digest SHA-256 of a large file, else git's id of its content; empty where the hub says none
    /// @param large whether it is kept by Git LFS
    record RemoteFile(String path, long size, String digest, boolean large) {}

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_HOPS = 5;
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
    private final URI endpoint;
    private final Optional<String> token;

    /// @param endpoint such as `https://huggingface.co`
    /// @param token sent to the endpoint and to nobody else
    HubClient(String endpoint, @Nullable String token) {
        try {
            this.endpoint = new URI(endpoint.replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("HF_ENDPOINT is %s, must be a URL".formatted(endpoint), e);
        }
        if (this.endpoint.getHost() == null) {
            throw new IllegalArgumentException("HF_ENDPOINT is %s, must be a URL with a host".formatted(endpoint));
        }
        this.token = Optional.ofNullable(token).filter(text -> !text.isBlank());
    }

    /// The commit that a revision stands for.
    String commit(String repository, String revision) throws IOException {
        var path = "/api/models/%s/revision/%s".formatted(repository, encoded(revision));
        var commit = json(url(path), repository, revision).body().path("sha").asText();
        if (!commit.matches("[0-9a-zA-Z._-]+")) {
            throw new IllegalArgumentException(
                    "%s names no commit for %s@%s".formatted(endpoint, repository, revision));
        }
        return commit;
    }

    /// All files of a commit, from as many pages as the hub needs to list them.
    List<RemoteFile> files(String repository, String commit) throws IOException {
        var files = new ArrayList<RemoteFile>();
        var next = Optional.of(url("/api/models/%s/tree/%s?recursive=true".formatted(repository, commit)));
        while (next.isPresent()) {
            var page = json(next.get(), repository, commit);
            for (var entry : page.body()) {
                if (entry.path("type").asText("file").equals("file")) {
                    files.add(remote(entry));
                }
            }
            next = page.next();
        }
        return files;
    }

    private static RemoteFile remote(JsonNode entry) {
        var lfs = entry.path("lfs");
        boolean large = lfs.isObject();
        long size = (large && lfs.has("size") ? lfs : entry).path("size").asLong(-1);
        var digest = (large ? lfs : entry).path("oid").asText().replaceFirst("^sha256:", "");
        return new RemoteFile(entry.path("path").asText(), size, digest, large);
    }

    private record Page(JsonNode body, Optional<URI> next) {}

    private Page json(URI url, String repository, String revision) throws IOException {
        var answer = get(url, 0);
        try (var body = answer.body()) {
            refuse(answer, url, repository, revision);
            var next = answer.headers().allValues("Link").stream()
                    .flatMap(link -> NEXT.matcher(link).results())
                    .map(found -> url.resolve(found.group(1)))
                    .findFirst();
            return new Page(JSON.readTree(body), next);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("%s answered something other than JSON; is it a hub?".formatted(url), e);
        }
    }

    /// Opens a file from a byte on; the answer says whether the hub began there (206) or at the start (200).
    HttpResponse<InputStream> open(String repository, String commit, String path, long from) throws IOException {
        var url = url("/%s/resolve/%s/%s".formatted(repository, commit, encoded(path)));
        var answer = get(url, from);
        if (answer.statusCode() != 416) {
            refuse(answer, url, repository, commit);
        }
        return answer;
    }

    private HttpResponse<InputStream> get(URI first, long from) throws IOException {
        var url = first;
        for (int hop = 0; hop < MOST_HOPS; hop++) {
            var request = HttpRequest.newBuilder(url).timeout(PATIENCE).header("User-Agent", "gyre/0.1");
            if (from > 0) {
                request.header("Range", "bytes=%d-".formatted(from));
            }
            if (token.isPresent() && sameOrigin(url)) {
                request.header("Authorization", "Bearer " + token.get());
            }
            var answer = send(request.build());
            var moved = answer.headers().firstValue("Location");
            if (answer.statusCode() / 100 != 3 || moved.isEmpty()) {
                return answer;
            }
            answer.body().close();
            url = url.resolve(moved.get());
        }
        throw new IOException("%s leads from one place to the next without end".formatted(first));
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking %s".formatted(request.uri()), e);
        }
    }

    private boolean sameOrigin(URI url) {
        return endpoint.getHost().equalsIgnoreCase(url.getHost())
                && endpoint.getPort() == url.getPort()
                && endpoint.getScheme().equals(url.getScheme());
    }

    /// Turns a refusal of the hub into words; what may pass by itself stays an [IOException].
    private void refuse(HttpResponse<InputStream> answer, URI url, String repository, String revision)
            throws IOException {
        int status = answer.statusCode();
        if (status / 100 == 2) {
            return;
        }
        answer.body().close();
        var code = answer.headers().firstValue("X-Error-Code").orElse("");
        if (status == 429 || status >= 500) {
            throw new IOException("%s answered %d".formatted(url, status));
        }
        if (code.equals("RevisionNotFound")) {
            throw new IllegalArgumentException("%s at %s has no revision %s".formatted(repository, endpoint, revision));
        }
        if (status == 401 || status == 403 || code.equals("GatedRepo")) {
            throw new IllegalArgumentException("%s does not give %s away (%d): %s"
                    .formatted(
                            endpoint,
                            repository,
                            status,
                            token.isPresent()
                                    ? "the token in HF_TOKEN has no access to it; ask for it on its page"
                                    : "it does not exist, or needs a token; set HF_TOKEN"));
        }
        if (status == 404) {
            throw new IllegalArgumentException("%s has no %s (%s)".formatted(endpoint, repository, url));
        }
        throw new IllegalArgumentException(
                "%s answered %d %s".formatted(url, status, code).strip());
    }

    private URI url(String path) {
        return URI.create(endpoint + path);
    }

    /// A path with everything escaped that may not stand in one, slashes kept.
    private static String encoded(String path) {
        try {
            return new URI(null, null, "/" + path, null)
                    .toASCIIString()
                    .substring(1)
                    .replace("+", "%2B");
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("%s is no path".formatted(path), e);
        }
    }
}
