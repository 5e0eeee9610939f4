package dev.gyre.annotation.annotator;

import dev.gyre.events.Annotator;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// Keeps the only way back from a pseudonym to an account.
@ApplicationScoped
class AnnotatorStore implements Annotators {

    private final Jdbi jdbi;

    AnnotatorStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    record Known(String pseudonym, String kind) {

        Annotator annotator() {
            return new Annotator(pseudonym, Annotator.Kind.valueOf(kind));
        }
    }

    @Override
    @Transactional
    public Annotator of(String workspace, String account, String kind) {
        var wanted = kind(kind);
        var known = find(workspace, account);
        if (known.isPresent() && known.get().kind() == wanted) {
            return known.get();
        }
        return jdbi.withHandle(handle -> handle.createQuery("""
                        insert into annotator (workspace, account, pseudonym, kind)
                        values (:workspace, :account, :pseudonym, :kind)
                        on conflict (workspace, account) do update set kind = excluded.kind
                        returning pseudonym, kind""")
                .bind("workspace", workspace)
                .bind("account", account)
                .bind("pseudonym", "annotator-" + UUID.randomUUID())
                .bind("kind", wanted.name())
                .mapTo(Known.class)
                .one()
                .annotator());
    }

    @Override
    public Optional<Annotator> find(String workspace, String account) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select pseudonym, kind from annotator where workspace = :workspace and account = :account")
                .bind("workspace", workspace)
                .bind("account", account)
                .mapTo(Known.class)
                .findOne()
                .map(Known::annotator));
    }

    private static Annotator.Kind kind(String name) {
        return Arrays.stream(Annotator.Kind.values())
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "annotator_kind of your account is '%s', must be one of %s; ask the operator to correct it"
                                .formatted(name, Arrays.toString(Annotator.Kind.values()))));
    }
}
