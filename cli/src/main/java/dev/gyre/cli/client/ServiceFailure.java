package dev.gyre.cli.client;

import dev.gyre.cli.client.Services.Call;

/// A service refused or did not answer; the message says who asked for what, and what it said.
public final class ServiceFailure extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final int status;

    public ServiceFailure(Call call, String method, int status, String said) {
        super("%s, asked by %s for %s %s, says %s%s"
                .formatted(
                        call.service(), call.account(), method, call.path(), status == 0 ? "" : status + ": ", said));
        this.status = status;
    }

    public int status() {
        return status;
    }
}
