/// What every HTTP edge has in common: logins and roles, workspaces, problem+json.
@NullMarked
package dev.gyre.edge;

import org.jspecify.annotations.NullMarked;
