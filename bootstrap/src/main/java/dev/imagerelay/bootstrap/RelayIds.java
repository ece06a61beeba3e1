package dev.imagerelay.bootstrap;

import dev.imagerelay.domain.relay.RelayId;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Names relays: 48 bits of time, so that those of one time lie together in an index, then 80 random bits. */
final class RelayIds implements Supplier<RelayId> {

    private static final HexFormat HEX = HexFormat.of();

    private final InstantSource time;
    private final RandomGenerator random;

    RelayIds(InstantSource time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    @Override
    public RelayId get() {
        String when = HEX.toHexDigits(time.millis(), 12);
        String chance = HEX.toHexDigits(random.nextLong(), 16) + HEX.toHexDigits((short) random.nextInt());
        return new RelayId("req_" + when + chance);
    }
}
