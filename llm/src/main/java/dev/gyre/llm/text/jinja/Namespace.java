package dev.gyre.llm.text.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/// `namespace()`: the only value that a template may change.
final class Namespace {

    final Map<String, Object> values = new LinkedHashMap<>();
}
