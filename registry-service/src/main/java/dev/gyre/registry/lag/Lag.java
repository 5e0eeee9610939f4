package dev.gyre.registry.lag;

/// How far a consumer is behind on a topic.
///
/// @param consumer name of the consumer group
/// @param facts that are on the topic and that the consumer has not said to be done
record Lag(String consumer, String topic, long facts) {}
