package dev.imagerelay.adapters.http;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;

/**
 * Lets pages of the listed origins ask from within a browser, by the CORS protocol of the Fetch standard. While none is
 * listed no answer says anything of it.
 */
final class Cors {

    private static final String METHODS = "GET, HEAD, POST";
    private static final String EXPOSED = "x-request-id, x-credits-charged, x-credits-remaining, x-images-delivered,"
            + " x-price-version, idempotency-replayed, x-original-request-id, x-should-retry, retry-after,"
            + " ratelimit, ratelimit-policy";

    /** The longest that any browser remembers a permission, in seconds. */
    private static final String REMEMBERED = "86400";

    /** A header's name by RFC 9110, section 5.6.2, without the asterisk, which would stand for all of them. */
    private static final String NAME = "[\\w!#$%&'+.^`|~-]++";

    private static final Pattern NAMES = Pattern.compile(NAME + "([ \t]*+,[ \t]*+" + NAME + ")*+");

    private final List<String> origins;

    Cors(List<String> origins) {
        this.origins = origins;
    }

    /** Adds what a browser wants to know of any answer to this request. */
    void addTo(HttpFields.Mutable answer, Request request) {
        if (!origins.isEmpty()) {
            answer.put(HttpHeader.VARY, "Origin");
        }
        origin(request).ifPresent(origin -> answer
                .put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                .put(HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED));
    }

    private Optional<String> origin(Request request) {
        return Optional.ofNullable(request.getHeaders().get(HttpHeader.ORIGIN)).filter(origins::contains);
    }

    /** Whether a browser asks on behalf of a listed origin what it may send. */
    boolean isPreflight(Request request) {
        return HttpMethod.OPTIONS.is(request.getMethod())
                && request.getHeaders().contains(HttpHeader.ACCESS_CONTROL_REQUEST_METHOD)
                && origin(request).isPresent();
    }

    /** Adds the answer to that: every header, as SDKs have many. */
    void permit(HttpFields.Mutable answer, Request preflight) {
        answer.put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, METHODS).put(HttpHeader.ACCESS_CONTROL_MAX_AGE, REMEMBERED);
        Optional.ofNullable(preflight.getHeaders().get(HttpHeader.ACCESS_CONTROL_REQUEST_HEADERS))
                .filter(names -> NAMES.matcher(names).matches())
                .ifPresent(names -> answer.put(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS, names));
    }
}
