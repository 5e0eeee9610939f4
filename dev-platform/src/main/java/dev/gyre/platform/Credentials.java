package dev.gyre.platform;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Every secret of one instance, made when it first starts; kept in `credentials.json`, for its owner only.
///
/// @param secrets by kind and name, such as `person:ada`, `client:gyre`, `database:ingest`
public record Credentials(Map<String, String> secrets) {

    public Credentials {
        secrets = new TreeMap<>(secrets);
    }

    public static Optional<Credentials> of(Home home) {
        return Documents.read(home.credentials(), Credentials.class);
    }

    public String password(String person) {
        return secret("person:" + person);
    }

    public String secret(String name) {
        var secret = secrets.get(name);
        if (secret == null) {
            throw new IllegalArgumentException("no secret called " + name + "; known: " + secrets.keySet());
        }
        return secret;
    }

    @JsonIgnore
    public List<String> people() {
        return secrets.keySet().stream()
                .filter(name -> name.startsWith("person:"))
                .map(name -> name.substring("person:".length()))
                .toList();
    }
}
