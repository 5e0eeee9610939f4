package dev.gyre.edge;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Provider;
import jakarta.json.Json;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Refuses a body that is too large: at once where the request says so, else as soon as too much has come.
@jakarta.ws.rs.ext.Provider
class RequestSize implements ReaderInterceptor {

    private static final int TOO_LARGE = 413;

    /// Asked late: filters are made while the service is built, when there is no configuration yet.
    private final Provider<RequestConfig> config;

    RequestSize(Provider<RequestConfig> config) {
        this.config = config;
    }

    void first(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::look);
    }

    private void look(RoutingContext request) {
        if (announced(request) <= largest()) {
            request.next();
            return;
        }
        var problem = problem(largest());
        request.response()
                .setStatusCode(TOO_LARGE)
                .putHeader("Connection", "close")
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE.toString())
                .end(Json.createObjectBuilder()
                        .add("type", problem.type())
                        .add("title", problem.title())
                        .add("status", problem.status())
                        .add("detail", problem.detail())
                        .build()
                        .toString())
                // What is still on its way is not read.
                .onComplete(told -> request.request().connection().close());
    }

    /// The length that the request names; 0 where it names none, or none that can be read: others refuse that.
    private static long announced(RoutingContext request) {
        var length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException unreadable) {
            return 0;
        }
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext request) throws IOException {
        request.setInputStream(new Limited(request.getInputStream(), largest(request.getType())));
        return request.proceed();
    }

    private long largest() {
        return config.get().largest().asLongValue();
    }

    /// @param read what the body is read as: a stream is a file, anything else comes into memory
    private long largest(Class<?> read) {
        return read == InputStream.class
                ? largest()
                : Math.min(largest(), config.get().largestInMemory().asLongValue());
    }

    private static Problem problem(long most) {
        return Problem.of(
                TOO_LARGE,
                "the body is larger than %d bytes; send it in parts, or raise gyre.requests.largest (for what is no file, gyre.requests.largest-in-memory)"
                        .formatted(most));
    }

    private static final class Limited extends FilterInputStream {

        private final long most;
        private long read;

        Limited(InputStream in, long most) {
            super(in);
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            var one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            var some = super.read(bytes, offset, length);
            count(some);
            return some;
        }

        private void count(int more) {
            read += Math.max(0, more);
            if (read > most) {
                throw new WebApplicationException(problem(most).response());
            }
        }
    }
}
