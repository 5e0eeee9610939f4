/// The services as any client meets them: addresses, logins, retries, and the books that compare sent with held.
@NullMarked
package dev.gyre.cli.client;

import org.jspecify.annotations.NullMarked;
