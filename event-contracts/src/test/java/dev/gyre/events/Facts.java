package dev.gyre.events;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Every record of every topic, found by walking the sealed interfaces.
final class Facts {

    private Facts() {}

    static List<Class<?>> topics() {
        return List.of(Fact.class.getPermittedSubclasses());
    }

    static List<Class<?>> of(Class<?> topic) {
        return List.of(topic.getPermittedSubclasses());
    }

    static Stream<Class<?>> all() {
        return topics().stream().flatMap(topic -> of(topic).stream());
    }

    static List<String> componentsOf(Class<?> fact) {
        return Arrays.stream(fact.getRecordComponents())
                .map(java.lang.reflect.RecordComponent::getName)
                .toList();
    }

    static String topicOf(Class<?> topic) {
        try {
            return (String) topic.getField("TOPIC").get(null);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("%s has no TOPIC".formatted(topic), impossible);
        }
    }
}
