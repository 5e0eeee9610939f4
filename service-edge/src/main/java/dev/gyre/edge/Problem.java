package dev.gyre.edge;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/// An error as RFC 9457 writes it.
///
/// @param title what kind of error
/// @param detail what, where, and what to do
public record Problem(String type, String title, int status, String detail) {

    public static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

    public static Problem of(int status, String detail) {
        var known = Response.Status.fromStatusCode(status);
        return new Problem("about:blank", known == null ? "Error" : known.getReasonPhrase(), status, detail);
    }

    public Response response() {
        return Response.status(status).type(MEDIA_TYPE).entity(this).build();
    }
}
