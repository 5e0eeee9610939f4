/// What a service's tests run against: a real database, a real S3 store, a real broker, and logins without Keycloak.
@NullMarked
package dev.gyre.platform.testing;

import org.jspecify.annotations.NullMarked;
