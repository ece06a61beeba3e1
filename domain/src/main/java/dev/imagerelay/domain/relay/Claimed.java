package dev.imagerelay.domain.relay;

import java.time.Instant;

/**
 * A claim that has been made.
 *
 * @param relay       the relay that made it, as it is now
 * @param fingerprint of that relay's order
 * @param since       when it was made
 */
public record Claimed(Relay relay, String fingerprint, Instant since) {}
