package dev.gyre.cli.demo;

/// A judgement that was sent, and the id that it was given.
record Submitted(String task, String account, String judgement) {}
