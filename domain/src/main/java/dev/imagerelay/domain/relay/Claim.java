package dev.imagerelay.domain.relay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Says that an order is perhaps not a new one: by the key its caller gave it, or by the count with which an SDK marks
 * what it sends again. Whoever has the same claim in the same account has given the same order.
 *
 * @param name        what is claimed, unique within an account: 64 hexadecimal digits that tell nothing
 * @param fingerprint the SHA-256 of the request's body, in 64 hexadecimal digits
 * @param kind        what an earlier relay of that name means
 */
public record Claim(String name, String fingerprint, Kind kind) {

    /** How long a key keeps its meaning, and so the longest that any claim has to be kept. */
    public static final Duration KEPT = Duration.ofHours(24);

    /** How long after it began a relay may be taken for the original of what an SDK sends again. */
    private static final Duration REPEATED_WITHIN = Duration.ofMinutes(15);

    private static final String DIGEST = "[0-9a-f]{64}";

    /** What an earlier relay of the same name means. */
    public enum Kind {
        /** It is the same order, by the caller's own word. */
        KEYED,
        /** Nothing: an SDK says that it sends this for the first time. What it sends again has this name. */
        FIRST,
        /** It is the same order, as an SDK says that it sends it again. */
        AGAIN
    }

    public Claim {
        if (!name.matches(DIGEST) || !fingerprint.matches(DIGEST)) {
            throw new IllegalArgumentException("a claim is made of two SHA-256 digests");
        }
    }

    /** Claims by a key of the caller's choice, the {@code Idempotency-Key}. */
    public static Claim keyed(String key, RequestBody body) {
        return new Claim(sha256("key", key), fingerprint(body), Kind.KEYED);
    }

    /**
     * Claims by what was sent, for an SDK that counts its attempts.
     *
     * @param keyPrefix the API key it was sent with; another key is another sender
     * @param attempt   0 for the first
     */
    public static Claim attempt(String keyPrefix, int attempt, RequestBody body) {
        String fingerprint = fingerprint(body);
        return new Claim(sha256(keyPrefix, fingerprint), fingerprint, attempt == 0 ? Kind.FIRST : Kind.AGAIN);
    }

    /** Whether a relay that has claimed this name answers this order too, or at least stands in its way. */
    public boolean isMetBy(Claimed earlier, Instant now) {
        if (kind == Kind.FIRST || earlier.relay().state() == RelayState.RELEASED) {
            return false;
        }
        Duration age = Duration.between(earlier.since(), now);
        return earlier.relay().state() == RelayState.HELD
                || age.compareTo(kind == Kind.KEYED ? KEPT : REPEATED_WITHIN) < 0;
    }

    private static String fingerprint(RequestBody body) {
        return HexFormat.of().formatHex(sha256().digest(body.unchanged()));
    }

    /** Of two texts, the first of which has no line break. */
    private static String sha256(String kind, String text) {
        return HexFormat.of().formatHex(sha256().digest((kind + "\n" + text).getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
