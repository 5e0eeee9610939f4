package dev.gyre.eval.answer;

import dev.gyre.events.AnswerEvent.AnswersRequested;

/// A task's wish for answers, taken up.
///
/// @param attempts how often it was taken up, this time included; it also tells this holder from a later one
record AnswerRequest(long position, AnswersRequested requested, int attempts, String cause) {}
