package dev.gyre.platform;

import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Makes secrets as they are asked for, and gives the same one to whoever asks again.
final class Secrets {

    private static final Pattern PLACE = Pattern.compile("\\$\\{([a-z]+:[a-z0-9-]+)}");
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, String> known = new TreeMap<>();
    private final Home home;

    Secrets(Home home) {
        this.home = home;
        Credentials.of(home).ifPresent(kept -> known.putAll(kept.secrets()));
    }

    String secret(String name) {
        return known.computeIfAbsent(name, unknown -> random(unknown.startsWith("person:") ? 12 : 32));
    }

    /// The text with every `${kind:name}` replaced by that secret.
    String fill(String template) {
        return PLACE.matcher(template).replaceAll(place -> secret(place.group(1)));
    }

    void save() {
        Documents.write(home.credentials(), new Credentials(known));
    }

    private static String random(int length) {
        return RANDOM.ints(length, 0, LETTERS.length())
                .collect(StringBuilder::new, (text, index) -> text.append(LETTERS.charAt(index)), StringBuilder::append)
                .toString();
    }
}
