package dev.gyre.edge;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// What a caller calls a request, so that the same request sent again makes nothing twice.
///
/// A client that heard no answer sends the request again under the same `Idempotency-Key`; what the first one made has
/// the id that the second one finds.
@RequestScoped
public class RequestKey {

    /// Any text of the caller's choice, such as a random UUID; the same for every attempt at one request.
    public static final String HEADER = "Idempotency-Key";

    private static final int LONGEST = 200;

    private final Caller caller;
    private final HttpHeaders headers;
    private final UriInfo uri;

    RequestKey(Caller caller, HttpHeaders headers, UriInfo uri) {
        this.caller = caller;
        this.headers = headers;
        this.uri = uri;
    }

    /// The id of what this request makes: the same for the same caller, path and key; without a key a new one.
    public String id() {
        var key = headers.getHeaderString(HEADER);
        if (key == null) {
            return UUID.randomUUID().toString();
        }
        if (key.isBlank() || key.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "%s has %d characters, must have 1 to %d".formatted(HEADER, key.length(), LONGEST));
        }
        var name = String.join("\n", caller.workspace(), caller.subject(), uri.getPath(), key);
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
