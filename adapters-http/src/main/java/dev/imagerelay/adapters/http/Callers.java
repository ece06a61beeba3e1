package dev.imagerelay.adapters.http;

import dev.imagerelay.application.port.in.Authenticate;
import dev.imagerelay.domain.account.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out who sent a request, by the one {@code Authorization} header it must have. */
final class Callers {

    private static final Pattern BEARER = Pattern.compile("bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);
    private static final String HOW = " Send your key in the header 'Authorization: Bearer YOUR_KEY'.";

    private final Authenticate authenticate;

    Callers(Authenticate authenticate) {
        this.authenticate = authenticate;
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
                .map(key -> Reading.of(authenticate.authenticate(key)))
                .orElseGet(() -> Reading.refused(
                        ErrorMapping.unauthorized("The Authorization header has no bearer key." + HOW)));
    }

    /** What an {@code Authorization} header bears; empty if it is of another kind. */
    static Optional<String> bearer(String header) {
        Matcher bearer = BEARER.matcher(header);
        return bearer.matches() ? Optional.of(bearer.group(1)) : Optional.empty();
    }
}
