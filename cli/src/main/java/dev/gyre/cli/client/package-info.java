/// The running system as anybody reaches it: logins, HTTP, the Hub protocol.
@NullMarked
package dev.gyre.cli.client;

import org.jspecify.annotations.NullMarked;
