/// Who is asked what: tags of people, and what a project wants of them.
@NullMarked
package dev.gyre.annotation.assignment;

import org.jspecify.annotations.NullMarked;
