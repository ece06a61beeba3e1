package dev.imagerelay.domain.report;

import dev.imagerelay.domain.relay.Relay;
import java.time.Instant;
import java.util.Optional;

/**
 * A relay in its time.
 *
 * @param relay   the relay as it is now
 * @param heldAt  when its credits were held, just before the upstream heard of it
 * @param endedAt when it was settled or released; empty while it is in flight
 */
public record RelayRecord(Relay relay, Instant heldAt, Optional<Instant> endedAt) {}
