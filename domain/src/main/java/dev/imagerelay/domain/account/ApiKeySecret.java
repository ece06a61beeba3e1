package dev.imagerelay.domain.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The whole text of an API key, as its owner presents it. It exists in memory only: what is kept is its
 * {@link #digest()}. Its text form is masked, so that a log line cannot give it away.
 *
 * <p>The form is {@code sk-relay-}, 8 public characters, a dash and 43 secret ones, which carry 256 random bits.
 */
public final class ApiKeySecret {

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Pattern FORM = Pattern.compile("(sk-relay-[0-9A-Za-z]{8})-[0-9A-Za-z]{43}");

    private final String text;

    private ApiKeySecret(String text) {
        this.text = text;
    }

    /** Makes a new secret. The generator must be cryptographically strong. */
    public static ApiKeySecret make(RandomGenerator random) {
        StringBuilder text = new StringBuilder("sk-relay-");
        append(text, 8, random);
        append(text.append('-'), 43, random);
        return new ApiKeySecret(text.toString());
    }

    /** Reads what a caller presented; empty if it cannot be one of our keys. */
    public static Optional<ApiKeySecret> read(String presented) {
        return FORM.matcher(presented).matches() ? Optional.of(new ApiKeySecret(presented)) : Optional.empty();
    }

    private static void append(StringBuilder text, int count, RandomGenerator random) {
        for (int i = 0; i < count; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
    }

    /** The public part, which finds the key and names it in lists and logs. */
    public String prefix() {
        return text.substring(0, "sk-relay-".length() + 8);
    }

    /** The one-way form that is kept. */
    public ApiKeyDigest digest() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return new ApiKeyDigest(sha256.digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** The whole secret, to be shown to its owner once. */
    public String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return prefix() + "-...";
    }
}
