package dev.imagerelay.adapters.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts, for a minute at a time, from which addresses wrong keys come. Of an IPv6 address the first half counts, as
 * one customer has all that begin alike. Where so many addresses send wrong keys that it is of no use to stop one of
 * them, no more are counted.
 */
final class WrongKeys {

    /** So many wrong keys a minute are looked at from one address. */
    static final int MOST = 100;

    static final int MOST_ADDRESSES = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(RelayHttpServer.class);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final String what;
    private final InstantSource time;
    private final Map<String, Integer> counted = new HashMap<>();
    private Instant end;

    /** Counts what its name says, such as {@code keys}. */
    WrongKeys(String what, InstantSource time) {
        this.what = what;
        this.time = time;
        this.end = time.instant();
    }

    /** For how many seconds no more keys are looked at from where this comes from; empty: they are. */
    synchronized Optional<Integer> refusedFor(HttpServletRequest request) {
        Duration left = left();
        return counted.getOrDefault(address(request), 0) >= MOST
                ? Optional.of((int) left.plusMillis(999).toSeconds())
                : Optional.empty();
    }

    /** What is left of the minute; it may be a new one. A clock that was set back must not make it longer. */
    private Duration left() {
        Duration left = Duration.between(time.instant(), end);
        if (left.isNegative() || left.isZero() || left.compareTo(MINUTE) > 0) {
            counted.clear();
            end = time.instant().plus(MINUTE);
            return MINUTE;
        }
        return left;
    }

    /** This came with a wrong key. */
    synchronized void add(HttpServletRequest request) {
        left();
        String address = address(request);
        if (counted.containsKey(address) || counted.size() < MOST_ADDRESSES) {
            int count = counted.merge(address, 1, Integer::sum);
            if (count == MOST) {
                LOG.warn("{} has sent {} wrong {} within a minute; no others are looked at until it is over",
                        address, count, what);
            }
        }
    }

    private static String address(HttpServletRequest request) {
        String address = request.getRemoteAddr();
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(bytes, bytes.length / 2));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
