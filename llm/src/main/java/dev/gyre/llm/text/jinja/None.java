package dev.gyre.llm.text.jinja;

/// Python's `None`.
enum None {
    NONE
}
