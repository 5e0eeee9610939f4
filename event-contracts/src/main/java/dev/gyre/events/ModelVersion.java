package dev.gyre.events;

/// The identity of one model: a name and a number that only grows, written `name@number`.
public record ModelVersion(String name, int number) {

    public ModelVersion {
        if (name.isBlank()) {
            throw new IllegalArgumentException("model name is blank");
        }
        if (number < 1) {
            throw new IllegalArgumentException("version of %s is %d, must be 1 or more".formatted(name, number));
        }
    }

    @Override
    public String toString() {
        return name + "@" + number;
    }
}
