package dev.gyre.annotation.withdrawal;

import dev.gyre.annotation.withdrawal.WithdrawalStore.Holding;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Taking back what an annotator said, over HTTP.
@Path("/api/annotators/{pseudonym}/withdraw")
class WithdrawalResource {

    private final WithdrawalStore withdrawals;
    private final Caller caller;

    WithdrawalResource(WithdrawalStore withdrawals, Caller caller) {
        this.withdrawals = withdrawals;
        this.caller = caller;
    }

    record Wanted(@Nullable String reason) {}

    /// What is tainted now.
    ///
    /// @param withdrawn judgements that this request withdrew
    /// @param datasets that hold withdrawn judgements of the annotator, also those withdrawn before; which models learned
    ///     from them is known to the registry
    record Withdrawn(String annotator, int withdrawn, List<Holding> datasets) {}

    /// Withdraws every judgement of an annotator that stands; asked again, it withdraws what came since.
    @POST
    @RolesAllowed(Roles.MANAGER)
    public Withdrawn withdraw(String pseudonym, @Nullable Wanted wanted) {
        if (wanted == null || wanted.reason() == null || wanted.reason().isBlank()) {
            throw new IllegalArgumentException("reason is missing, must say why these judgements are not to be trusted");
        }
        if (!withdrawals.isKnown(caller.workspace(), pseudonym)) {
            throw new NotFoundException("no annotator '%s' in workspace '%s'; GET /api/projects/{id}/annotators lists them"
                    .formatted(pseudonym, caller.workspace()));
        }
        var reason = wanted.reason().strip();
        int withdrawn = 0;
        for (int some = -1; some != 0; ) {
            some = withdrawals.withdraw(caller.workspace(), pseudonym, reason);
            withdrawn += some;
        }
        return new Withdrawn(pseudonym, withdrawn, withdrawals.holding(caller.workspace(), pseudonym));
    }
}
