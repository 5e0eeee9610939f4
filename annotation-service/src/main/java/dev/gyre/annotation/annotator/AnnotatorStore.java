package dev.gyre.annotation.annotator;

import dev.gyre.events.Annotator;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;

/// Keeps the only way back from a pseudonym to an account.
@ApplicationScoped
class AnnotatorStore implements Annotators {

    private static final int MOST_REMEMBERED = 10_000;

    private final Jdbi jdbi;
    /// A pseudonym never changes, so nobody is looked up twice.
    private final Map<Account, Annotator> remembered = new ConcurrentHashMap<>();

    AnnotatorStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    private record Account(String workspace, String name) {}

    record Known(String pseudonym, String kind) {

        Annotator annotator() {
            return new Annotator(pseudonym, Annotator.Kind.valueOf(kind));
        }
    }

    @Override
    public Annotator of(String workspace, String account, String kind) {
        var key = new Account(workspace, account);
        var wanted = kind(kind);
        var before = remembered.get(key);
        if (before != null && before.kind() == wanted) {
            return before;
        }
        var annotator =
                find(workspace, account).filter(known -> known.kind() == wanted).orElseGet(() -> keep(key, wanted));
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(key, annotator);
        return annotator;
    }

    private Annotator keep(Account account, Annotator.Kind kind) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        insert into annotator (workspace, account, pseudonym, kind)
                        values (:workspace, :account, :pseudonym, :kind)
                        on conflict (workspace, account) do update set kind = excluded.kind
                        returning pseudonym, kind""")
                .bind("workspace", account.workspace())
                .bind("account", account.name())
                .bind("pseudonym", "annotator-" + UUID.randomUUID())
                .bind("kind", kind.name())
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
