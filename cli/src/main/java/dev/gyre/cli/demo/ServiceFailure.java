package dev.gyre.cli.demo;

import dev.gyre.cli.demo.Services.Call;

/// A service refused or did not answer; the message says who asked for what, and what it said.
final class ServiceFailure extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final int status;

    ServiceFailure(Call call, String method, int status, String said) {
        super("%s, asked by %s for %s %s, says %s%s"
                .formatted(
                        call.service(), call.account(), method, call.path(), status == 0 ? "" : status + ": ", said));
        this.status = status;
    }

    int status() {
        return status;
    }
}
