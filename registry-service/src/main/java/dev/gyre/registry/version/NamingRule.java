package dev.gyre.registry.version;

import java.util.regex.Pattern;

/// Which names a model may have, so that `workspace/name` is a repository on every Hub client.
public final class NamingRule {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final int LONGEST = 96;

    private NamingRule() {}

    public static String require(String workspace, String name) {
        if (!NAME.matcher(name).matches()
                || name.contains("--")
                || name.contains("..")
                || name.endsWith(".")
                || name.endsWith("-")
                || name.endsWith(".git")) {
            throw new IllegalArgumentException(
                    "model name '%s' must be letters, digits, '.', '_' and '-', begin with a letter or digit, and have no '--' or '..'"
                            .formatted(name));
        }
        var length = workspace.length() + 1 + name.length();
        if (length > LONGEST) {
            throw new IllegalArgumentException("model name '%s' with its workspace is %d characters long, at most %d"
                    .formatted(name, length, LONGEST));
        }
        return name;
    }
}
