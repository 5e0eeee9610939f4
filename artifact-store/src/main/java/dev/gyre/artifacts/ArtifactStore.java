package dev.gyre.artifacts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gyre.events.ArtifactRef;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.util.regex.Pattern;

/// Keeps bytes under their SHA-256, apart by workspace: the same bytes twice are one object.
///
/// Whoever reads gets exactly the bytes that were put, or an [UncheckedIOException] that names the artifact.
@ApplicationScoped
public class ArtifactStore {

    /// Parts of an upload; S3 wants 5 MiB or more.
    private static final long PART = 16L << 20;

    private static final Pattern WORKSPACE = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /// Bytes of the largest artifact that is kept in memory, and of all of them together.
    private static final int SMALL = 16 << 10;

    private static final long MEMORY = 8L << 20;

    /// What is deleted elsewhere is forgotten here after this.
    private static final Duration MEMORY_SPAN = Duration.ofSeconds(60);

    private final Cache<URI, byte[]> recent = Caffeine.newBuilder()
            .maximumWeight(MEMORY)
            .weigher((URI location, byte[] content) -> content.length + 256)
            .expireAfterWrite(MEMORY_SPAN)
            .build();
    private final MinioClient client;
    private final String bucket;
    private volatile boolean bucketExists;

    ArtifactStore(ArtifactConfig config) {
        this.client = MinioClient.builder()
                .endpoint(config.endpoint())
                .credentials(config.accessKey(), config.secretKey())
                .region(config.region())
                .build();
        client.setTimeout(
                config.connectTimeout().toMillis(),
                config.answerTimeout().toMillis(),
                config.answerTimeout().toMillis());
        this.bucket = config.bucket();
    }

    /// Keeps a text as UTF-8.
    public ArtifactRef put(String workspace, String text) {
        return put(workspace, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Keeps bytes that are in memory anyway.
    public ArtifactRef put(String workspace, byte[] content) {
        var ref = ref(workspace, Digests.sha256(content), content.length);
        ensureBucket();
        try {
            asked(() -> client.putObject(PutObjectArgs.builder()
                    .bucket(bucket)
                    .object(key(ref))
                    .data(content, content.length)
                    .build()));
            return ref;
        } catch (MinioException failure) {
            throw failed("write", ref, failure);
        }
    }

    /// Keeps a stream of any length; it is spooled to disk first, because its digest is its name. Closes nothing.
    public ArtifactRef put(String workspace, InputStream content) {
        try {
            var spool = Files.createTempFile("gyre-artifact", ".part");
            try {
                Files.copy(content, spool, StandardCopyOption.REPLACE_EXISTING);
                return put(workspace, spool);
            } finally {
                Files.delete(spool);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot spool an artifact of workspace " + workspace, failure);
        }
    }

    /// Keeps a file.
    public ArtifactRef put(String workspace, Path file) {
        var ref = reference(workspace, file);
        if (exists(ref)) {
            return ref;
        }
        ensureBucket();
        try (var bytes = Files.newInputStream(file)) {
            asked(() -> client.putObject(PutObjectArgs.builder().bucket(bucket).object(key(ref)).stream(bytes, ref.bytes(), PART)
                    .build()));
            return ref;
        } catch (MinioException failure) {
            throw failed("write", ref, failure);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    /// The whole artifact, for those that are known to be small; what was read a moment ago comes from memory.
    public byte[] read(ArtifactRef ref) {
        var known = recent.getIfPresent(ref.location());
        if (known != null) {
            return known.clone();
        }
        try (var in = open(ref)) {
            var bytes = new ByteArrayOutputStream((int) Math.min(ref.bytes(), 1 << 20));
            in.transferTo(bytes);
            var content = bytes.toByteArray();
            remember(ref, content);
            return content;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read artifact " + ref.location(), failure);
        }
    }

    private void remember(ArtifactRef ref, byte[] content) {
        if (content.length <= SMALL) {
            recent.put(ref.location(), content.clone());
        }
    }

    public String readText(ArtifactRef ref) {
        return new String(read(ref), StandardCharsets.UTF_8);
    }

    /// The artifact as a stream whose end fails if the bytes are not those that were put. The caller closes it.
    public InputStream open(ArtifactRef ref) {
        try {
            return new VerifiedStream(
                    asked(() -> client.getObject(GetObjectArgs.builder()
                            .bucket(bucketOf(ref))
                            .object(key(ref))
                            .build())),
                    ref);
        } catch (MinioException failure) {
            throw failed("read", ref, failure);
        }
    }

    /// A part of the artifact, unverified: its reader checks the whole. The caller closes it.
    ///
    /// @param offset first byte, from 0
    /// @param length how many bytes, 1 or more
    public InputStream open(ArtifactRef ref, long offset, long length) {
        try {
            return asked(() -> client.getObject(GetObjectArgs.builder()
                    .bucket(bucketOf(ref))
                    .object(key(ref))
                    .offset(offset)
                    .length(length)
                    .build()));
        } catch (MinioException failure) {
            throw failed("read", ref, failure);
        }
    }

    /// Writes the verified artifact to a file, which appears whole or not at all.
    public void fetch(ArtifactRef ref, Path file) {
        try {
            var folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            var part = Files.createTempFile(folder, ".fetch", ".part");
            try (var in = open(ref)) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot fetch artifact %s to %s".formatted(ref.location(), file), failure);
        }
    }

    public boolean exists(ArtifactRef ref) {
        try {
            asked(() -> client.statObject(StatObjectArgs.builder()
                    .bucket(bucketOf(ref))
                    .object(key(ref))
                    .build()));
            return true;
        } catch (ErrorResponseException missing) {
            if (missing.response().code() == 404) {
                return false;
            }
            throw failed("look up", ref, missing);
        } catch (MinioException failure) {
            throw failed("look up", ref, failure);
        }
    }

    /// Removes the bytes for good; what refers to them is left with a reference to nothing.
    public void delete(ArtifactRef ref) {
        recent.invalidate(ref.location());
        try {
            asked(() -> {
                client.removeObject(RemoveObjectArgs.builder()
                    .bucket(bucketOf(ref))
                    .object(key(ref))
                    .build());
                return true;
            });
        } catch (MinioException failure) {
            throw failed("delete", ref, failure);
        }
    }

    private interface Request<T> {

        T send() throws MinioException;
    }

    /// The client hides the failure of a connection in failures of other kinds, as if the request were wrong.
    private static <T> T asked(Request<T> request) throws MinioException {
        try {
            return request.send();
        } catch (RuntimeException failure) {
            if (failure.getCause() instanceof IOException away) {
                throw new UncheckedIOException("the artifact store does not answer: " + away.getMessage(), away);
            }
            throw failure;
        }
    }

    private ArtifactRef reference(String workspace, Path file) {
        var digest = Digests.sha256();
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            var bytes = Files.copy(file, out);
            return ref(workspace, Digests.hex(digest), bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    private ArtifactRef ref(String workspace, String sha256, long bytes) {
        if (!WORKSPACE.matcher(workspace).matches()) {
            throw new IllegalArgumentException("workspace '%s' must be 1 to 63 of a-z, 0-9 and -".formatted(workspace));
        }
        var location = "s3://%s/%s/%s/%s".formatted(bucket, workspace, sha256.substring(0, 2), sha256);
        return new ArtifactRef(URI.create(location), sha256, bytes);
    }

    private static String bucketOf(ArtifactRef ref) {
        return ref.location().getHost();
    }

    private static String key(ArtifactRef ref) {
        return ref.location().getPath().substring(1);
    }

    private void ensureBucket() {
        if (bucketExists) {
            return;
        }
        try {
            if (!asked(() -> client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build()))) {
                asked(() -> {
                client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
                return true;
            });
            }
            bucketExists = true;
        } catch (ErrorResponseException race) {
            if (!race.errorResponse().code().equals("BucketAlreadyOwnedByYou")
                    && !race.errorResponse().code().equals("BucketAlreadyExists")) {
                throw new UncheckedIOException("cannot make bucket " + bucket, new IOException(race));
            }
            bucketExists = true;
        } catch (MinioException failure) {
            throw new UncheckedIOException("cannot make bucket " + bucket, new IOException(failure));
        }
    }

    private static UncheckedIOException failed(String action, ArtifactRef ref, MinioException failure) {
        return new UncheckedIOException(
                "cannot %s artifact %s: %s".formatted(action, ref.location(), failure.getMessage()),
                new IOException(failure));
    }
}
