package dev.imagerelay.adapters.http;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recognises administrators by the one token there is, and takes their word for who they are. Where too many wrong
 * tokens come from, no token is looked at, not even the right one: whoever guesses must not see when a guess is right.
 */
final class Admins {

    private static final Pattern NAME = Pattern.compile("[\\p{Print}&&[^\"]]{1,100}");

    private final byte[] digest;
    private final WrongKeys wrongTokens;

    Admins(String token, WrongKeys wrongTokens) {
        this.digest = sha256(token);
        this.wrongTokens = wrongTokens;
    }

    /** Who it is: as the header {@code X-Admin-Name} says, or just {@code admin}. */
    Reading<String> identify(HttpServletRequest request) {
        Optional<Integer> refusedFor = wrongTokens.refusedFor(request);
        if (refusedFor.isPresent()) {
            return Reading.refused(new Problem(
                    429, "Too many wrong tokens have come from your address. Try again a little later.",
                    Map.of("Retry-After", String.valueOf(refusedFor.get()))));
        }
        List<String> sent = Collections.list(request.getHeaders("Authorization"));
        Optional<String> token = sent.size() == 1 ? Callers.bearer(sent.get(0)) : Optional.empty();
        if (token.filter(this::isRight).isEmpty()) {
            if (!sent.isEmpty()) {
                wrongTokens.add(request);
            }
            return Reading.refused(new Problem(
                    401, "Send the administrator's token in the header 'Authorization: Bearer TOKEN'. Keys of customers"
                            + " are not taken here."));
        }
        String name = request.getHeader("X-Admin-Name");
        if (name != null && (name.isBlank() || !NAME.matcher(name).matches())) {
            return Reading.refused(Problem.invalid("X-Admin-Name is 1 to 100 printable ASCII characters."));
        }
        return Reading.read(name == null ? "admin" : name.strip());
    }

    private boolean isRight(String token) {
        return MessageDigest.isEqual(digest, sha256(token));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
