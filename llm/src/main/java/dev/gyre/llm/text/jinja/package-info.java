/// Jinja as chat templates use it: read once, rendered within limits, with the spans an assistant wrote.
///
/// An interpreter of our own: Jinjava (Apache-2.0) brings its own expression language and some
/// fifteen further jars, and differs where chat templates are exact: methods of Python's strings,
/// scopes of macros, undefined values, `tojson`, and `{% generation %}`, whose place in the output it
/// cannot tell. The language is Jinja 3.1 as transformers sets it up: `trim_blocks`, `lstrip_blocks`,
/// loop controls, nothing escaped, no value changed but a namespace. Not there: template inheritance
/// and imports, `%` for formatting, numbers beyond 64 bits.
@NullMarked
package dev.gyre.llm.text.jinja;

import org.jspecify.annotations.NullMarked;
