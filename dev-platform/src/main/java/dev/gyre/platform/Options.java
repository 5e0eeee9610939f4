package dev.gyre.platform;

import dev.gyre.platform.server.Checkout;

/// How to start the platform.
///
/// @param withServices false for the four servers alone
/// @param device where models run: `auto`, `cpu`, `cuda:N`
public record Options(Home home, boolean withServices, String device) {

    /// The instance of this checkout, in its folder `.gyre`.
    public static Options standard() {
        return new Options(new Home(Checkout.find().root().resolve(".gyre")), true, "auto");
    }
}
