/// What people said of a task, once and for all or until they withdraw it.
@NullMarked
package dev.gyre.annotation.judgement;

import org.jspecify.annotations.NullMarked;
