package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out by what an order is recognised if it is given again: the caller's {@code Idempotency-Key}, or else the
 * {@code X-Stainless-Retry-Count} of OpenAI's SDKs.
 */
final class Claims {

    /** A key as the world sends it. What begins with a quote is meant to be quoted. */
    private static final Pattern BARE = Pattern.compile("[!#-~][!-~]{0,254}");

    /** A key as the IETF's draft-ietf-httpapi-idempotency-key-header wants it: a string of RFC 9651, section 3.3.3. */
    private static final Pattern QUOTED = Pattern.compile("\"((?:[!#-\\[\\]-~]|\\\\[\"\\\\]){1,255})\"");

    private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");

    private Claims() {}

    static Reading<Optional<Claim>> read(HttpServletRequest request, Caller caller, RequestBody body) {
        List<String> keys = Collections.list(request.getHeaders("Idempotency-Key"));
        if (keys.isEmpty()) {
            return Reading.read(count(request).map(count -> Claim.attempt(caller.keyPrefix(), count, body)));
        }
        Optional<String> key = keys.size() == 1 ? key(keys.get(0)) : Optional.empty();
        return key.map(name -> Reading.read(Optional.of(Claim.keyed(name, body))))
                .orElseGet(() -> Reading.refused(ApiError.invalidRequest(
                                400, "The header Idempotency-Key must be one key of 1 to 255 visible ASCII characters,"
                                        + " bare or in double quotes. Nothing was charged. Send a new UUID with every"
                                        + " order, or leave the header out.")
                        .code("invalid_idempotency_key")));
    }

    private static Optional<String> key(String sent) {
        if (BARE.matcher(sent).matches()) {
            return Optional.of(sent);
        }
        Matcher quoted = QUOTED.matcher(sent);
        return quoted.matches() ? Optional.of(quoted.group(1).replaceAll("\\\\(.)", "$1")) : Optional.empty();
    }

    private static Optional<Integer> count(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader("X-Stainless-Retry-Count"))
                .filter(sent -> COUNT.matcher(sent).matches())
                .map(Integer::valueOf);
    }
}
