package dev.gyre.llm.text.jinja;

/// A value that is not there: empty where it is printed, an error where something is made of it.
///
/// @param why what is missing
record Undefined(String why) {

    TemplateException failure() {
        return new TemplateException(why);
    }
}
