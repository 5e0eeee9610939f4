package dev.gyre.llm.text.jinja;

/// What can be called: a macro, a function, a method of a value.
interface Callable {

    Object call(Given arguments);
}
