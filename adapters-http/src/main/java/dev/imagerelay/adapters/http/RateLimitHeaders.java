package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.account.LimitStatus;
import dev.imagerelay.domain.account.LimitStatus.Kind;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tells where a caller's limits stand: in OpenAI's {@code x-ratelimit-*} headers, which know one limit of a kind, by the
 * one that is nearest; and in those of the IETF draft {@code draft-ietf-httpapi-ratelimit-headers}, by all of them.
 */
final class RateLimitHeaders {

    /** How long an SDK is asked to wait where nobody knows when an order in flight ends. */
    private static final Duration A_WHILE = Duration.ofSeconds(5);

    private RateLimitHeaders() {}

    static void add(HttpServletResponse response, List<LimitStatus> limits) {
        if (response.isCommitted() || limits.isEmpty()) {
            return;
        }
        for (Kind kind : List.of(Kind.REQUESTS, Kind.IMAGES)) {
            limits.stream()
                    .filter(limit -> limit.kind() == kind)
                    .min((one, other) -> Integer.compare(one.left(), other.left()))
                    .ifPresent(nearest -> addOpenAi(response, nearest));
        }
        response.setHeader("RateLimit-Policy", String.join(", ", limits.stream().map(RateLimitHeaders::policy).toList()));
        response.setHeader("RateLimit", String.join(", ", limits.stream().map(RateLimitHeaders::state).toList()));
    }

    private static void addOpenAi(HttpServletResponse response, LimitStatus limit) {
        String what = limit.kind().name().toLowerCase(Locale.ROOT);
        response.setHeader("x-ratelimit-limit-" + what, String.valueOf(limit.most()));
        response.setHeader("x-ratelimit-remaining-" + what, String.valueOf(limit.left()));
        response.setHeader("x-ratelimit-reset-" + what, seconds(limit.more()) + "s");
    }

    private static String policy(LimitStatus limit) {
        return limit.kind() == Kind.AT_ONCE
                ? name(limit) + ";q=" + limit.most() + ";qu=\"concurrent-requests\""
                : name(limit) + ";q=" + limit.most() + ";w=60";
    }

    private static String state(LimitStatus limit) {
        return name(limit) + ";r=" + limit.left() + (limit.kind() == Kind.AT_ONCE ? "" : ";t=" + seconds(limit.more()));
    }

    private static String name(LimitStatus limit) {
        return ("\"" + limit.spender() + "-" + limit.kind() + "\"").toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How long to wait before another try. */
    static Map<String, String> retryAfter(LimitStatus limit) {
        Duration wait = limit.kind() == Kind.AT_ONCE ? A_WHILE : limit.more();
        return Map.of("Retry-After", String.valueOf(seconds(wait)), "retry-after-ms", String.valueOf(wait.toMillis()));
    }

    /** Rounded up, as what is told to come too early comes in vain. */
    private static long seconds(Duration duration) {
        return duration.plusMillis(999).toSeconds();
    }
}
