package dev.imagerelay.adapters.http;

import dev.imagerelay.application.port.in.Authenticate;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.relay.Decision;
import dev.imagerelay.domain.relay.Declined;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out who sent a request, by the one {@code Authorization} header it must have. Where too many wrong keys come
 * from, only keys are looked up that were right before: many customers may share an address, and one of them must not
 * lock the others out.
 */
final class Callers {

    private static final int MOST_KNOWN = 10_000;

    private static final Pattern BEARER = Pattern.compile("bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);
    private static final String HOW = " Send your key in the header 'Authorization: Bearer YOUR_KEY'.";

    private final Authenticate authenticate;
    private final WrongKeys wrongKeys;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    Callers(Authenticate authenticate, WrongKeys wrongKeys) {
        this.authenticate = authenticate;
        this.wrongKeys = wrongKeys;
    }

    Reading<Caller> identify(HttpServletRequest request) {
        List<String> sent = Collections.list(request.getHeaders("Authorization"));
        if (sent.isEmpty()) {
            return Reading.refused(ErrorMapping.unauthorized("You didn't provide an API key." + HOW));
        }
        if (sent.size() > 1) {
            return Reading.refused(ErrorMapping.unauthorized("There is more than one Authorization header." + HOW));
        }
        return bearer(sent.get(0))
                .map(key -> lookUp(key, request))
                .orElseGet(() -> Reading.refused(
                        ErrorMapping.unauthorized("The Authorization header has no bearer key." + HOW)));
    }

    /** What an {@code Authorization} header bears; empty if it is of another kind. */
    static Optional<String> bearer(String header) {
        Matcher bearer = BEARER.matcher(header);
        return bearer.matches() ? Optional.of(bearer.group(1)) : Optional.empty();
    }

    private Reading<Caller> lookUp(String key, HttpServletRequest request) {
        if (prefix(key).filter(known::contains).isEmpty()) { // the others need not wait for each other here
            Optional<Integer> refusedFor = wrongKeys.refusedFor(request);
            if (refusedFor.isPresent()) {
                return Reading.refused(ErrorMapping.tooManyWrongKeys(refusedFor.get()));
            }
        }
        Decision<Caller> decision = authenticate.authenticate(key);
        if (decision instanceof Decision.Accepted<Caller> accepted) {
            remember(accepted.value().keyPrefix());
        } else if (decision instanceof Decision.Refused<Caller> refused
                && refused.why() instanceof Declined.KeyRefused) {
            wrongKeys.add(request);
            prefix(key).ifPresent(known::remove);
        }
        return Reading.of(decision);
    }

    private static Optional<String> prefix(String key) {
        return ApiKeySecret.read(key).map(ApiKeySecret::prefix);
    }

    private void remember(String prefix) {
        if (!known.contains(prefix)) {
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
            known.add(prefix);
        }
    }
}
