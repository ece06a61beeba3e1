package dev.imagerelay.adapters.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagerelay.domain.relay.UpstreamFailure;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Recognises an error that is about our account at an upstream rather than about the request: it is ours to deal with,
 * and its words name that account.
 */
final class OwnTrouble {

    /** The codes, one of them also a type, by which OpenAI says that an account has no money left. */
    private static final Pattern NO_MONEY = Pattern.compile("insufficient_quota|credit_balance_exhausted"
            + "|billing_hard_limit_reached|.+_spend_limit_exceeded|.+_usage_limit_exceeded");

    private static final Set<String> NO_ACCESS = Set.of("invalid_api_key", "account_deactivated");

    private static final Set<String> TOO_BUSY = Set.of("rate_limit_exceeded", "slow_down", "server_is_overloaded");

    private OwnTrouble() {}

    /** What is the matter with our account by this {@code error} member; empty if it is about something else. */
    static Optional<UpstreamFailure> in(JsonNode error) {
        String code = error.path("code").asText();
        if (isNoMoney(error)) {
            return Optional.of(UpstreamFailure.QUOTA_EXHAUSTED);
        }
        if (NO_ACCESS.contains(code)) {
            return Optional.of(UpstreamFailure.CREDENTIAL_REFUSED);
        }
        return TOO_BUSY.contains(code) ? Optional.of(UpstreamFailure.BUSY) : Optional.empty();
    }

    /** Whether our account has no money left by this {@code error} member. */
    static boolean isNoMoney(JsonNode error) {
        return NO_MONEY.matcher(error.path("type").asText()).matches()
                || NO_MONEY.matcher(error.path("code").asText()).matches();
    }
}
