package dev.imagerelay.adapters.http;

import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.LimitStatus;
import dev.imagerelay.domain.account.Spender;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.relay.Declined;
import dev.imagerelay.domain.relay.Receipt;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.UpstreamFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The one place where a refusal, a failed upstream or a lost store becomes an error on the wire. Types and codes are
 * those that OpenAI uses for the same situation, where it has one.
 */
final class ErrorMapping implements Declined.Cases<ApiError> {

    private static final String NOT_CHARGED = " Nothing was charged.";
    private static final String NOT_CHARGED_FOR_THIS = " Nothing was charged for this request.";
    private static final String TRY_AGAIN = " Try again.";
    private static final String TRY_LATER = " Try again a little later.";
    private static final String ORDER_ANEW = " Send the request again if you still want the images.";
    private static final String TELL = " Tell whoever runs this gateway.";

    private ErrorMapping() {}

    static ApiError of(Declined declined) {
        return declined.match(new ErrorMapping());
    }

    static ApiError of(UpstreamFailure failure, Optional<Integer> retryAfter) {
        ApiError error = of(failure);
        if (failure.mayHaveWorked()) {
            error = error.notToBeRepeated();
        }
        // Zero makes SDKs hammer, and more than a minute makes some of them wait for as long as they are told.
        boolean passes = failure == UpstreamFailure.BUSY || failure == UpstreamFailure.UNAVAILABLE;
        return passes && retryAfter.isPresent()
                ? error.header("Retry-After", String.valueOf(Math.max(1, Math.min(retryAfter.get(), 60))))
                : error;
    }

    /** What is said after the pictures of a stream that failed before it had sent them all. */
    static ApiError cutShort(UpstreamFailure failure, Receipt receipt) {
        return of(failure).message("The image service behind this gateway did not send all of the images. Charged are"
                + " only those that came: " + receipt.images() + ". Order the missing ones if you still want them.");
    }

    private static ApiError of(UpstreamFailure failure) {
        return switch (failure) {
            case UNREACHABLE -> failed(502, "upstream_unreachable", "cannot be reached.", TRY_AGAIN);
            case BUSY -> ApiError.of(429, "requests", told("takes no more requests at the moment.", TRY_LATER))
                    .code("rate_limit_exceeded");
            case UNAVAILABLE -> failed(503, "upstream_unavailable", "fails too often at the moment, and was not asked.",
                    TRY_LATER);
            case CREDENTIAL_REFUSED -> failed(502, "upstream_auth_failed",
                            "refuses the gateway's own access; your key is not at fault.", TELL)
                    .notToBeRepeated();
            case QUOTA_EXHAUSTED -> failed(503, "upstream_quota_exhausted",
                            "has no quota left for the gateway; your credits are not at fault.", TELL)
                    .notToBeRepeated();
            case ERROR_ANSWERED -> failed(502, "upstream_error", "answered with an error.", TRY_AGAIN);
            case TIMED_OUT -> failed(504, "upstream_timed_out", "did not answer in time.", ORDER_ANEW);
            case CUT_OFF -> failed(502, "upstream_cut_off", "broke off before its answer was complete.", ORDER_ANEW);
            case UNUSABLE_ANSWER -> failed(502, "upstream_invalid_response",
                    "gave an answer that cannot be used.", ORDER_ANEW);
            case NO_IMAGES -> failed(502, "upstream_no_images", "answered without any image.", ORDER_ANEW);
            case TOO_LATE -> failed(500, "settled_too_late",
                    "answered after the credits held for it had been given back.", ORDER_ANEW);
        };
    }

    private static ApiError failed(int status, String code, String how, String then) {
        return ApiError.serverError(status, told(how, then)).code(code);
    }

    private static String told(String how, String then) {
        return "The image service behind this gateway " + how + NOT_CHARGED + then;
    }

    static ApiError of(StoreUnavailable lost) {
        return lost.nothingChanged()
                ? ApiError.serverError(
                                503, "The credit ledger cannot be reached at the moment." + NOT_CHARGED
                                        + " Try again in a few seconds.")
                        .code("ledger_unavailable")
                        .headers(Map.of("Retry-After", "5", "x-should-retry", "true"))
                : ApiError.serverError(
                                503, "The credit ledger was lost while it was in use, so it is not known here whether"
                                        + " this request moved any credits. GET /api/ai/credits/entries shows it; ask"
                                        + " before you send the request again.")
                        .code("ledger_unavailable")
                        .notToBeRepeated();
    }

    /** Whatever nobody thought of. Says nothing of its cause, which belongs in the log. */
    static ApiError unexpected() {
        return ApiError.serverError(
                        500, "Something went wrong in the gateway. If this request moved any credits, GET"
                                + " /api/ai/credits/entries shows it. Tell whoever runs this gateway the x-request-id.")
                .notToBeRepeated();
    }

    static ApiError qualityNotOffered(ModelId model, String asked, List<ImageQuality> offered) {
        return notOffered("quality", model, asked, offered).code("invalid_value").param("quality");
    }

    static ApiError sizeNotOffered(ModelId model, String asked, List<ImageSize> offered) {
        return ApiError.of(400, "image_generation_user_error", notOffered("size", model, asked, offered).message())
                .code("invalid_value")
                .param("size");
    }

    private static ApiError notOffered(String what, ModelId model, String asked, List<?> offered) {
        String instead = offered.isEmpty()
                ? "The model '" + model + "' takes no " + what + ": leave it out."
                : "The model '" + model + "' offers: " + listed(offered) + "; or leave it out.";
        return ApiError.invalidRequest(400, "Invalid " + what + ": " + ApiError.quoted(asked) + ". " + instead);
    }

    private static String listed(List<?> offered) {
        return offered.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    @Override
    public ApiError keyRefused(Declined.KeyRefused declined) {
        return unauthorized("Incorrect API key provided. Keys begin with 'sk-relay-'; this one is unknown or revoked.")
                .code("invalid_api_key");
    }

    static ApiError unauthorized(String message) {
        return ApiError.invalidRequest(401, message).header("WWW-Authenticate", "Bearer realm=\"Image Relay\"");
    }

    static ApiError tooManyWrongKeys(int seconds) {
        return ApiError.of(429, "requests", "Too many wrong keys have come from your address." + TRY_LATER)
                .code("rate_limit_exceeded")
                .header("Retry-After", String.valueOf(seconds));
    }

    @Override
    public ApiError accountSuspended(Declined.AccountSuspended declined) {
        return ApiError.invalidRequest(403, "The account of this key is suspended." + NOT_CHARGED + TELL)
                .code("account_suspended");
    }

    @Override
    public ApiError modelNotAllowed(Declined.ModelNotAllowed declined) {
        return ApiError.invalidRequest(
                        403, "This key may not order from the model " + ApiError.quoted(declined.asked().value())
                                + ". It is for: " + listed(declined.allowed()) + ".")
                .code("model_not_allowed")
                .param("model");
    }

    @Override
    public ApiError limitReached(Declined.LimitReached declined) {
        LimitStatus limit = declined.limit();
        if (limit.kind() == LimitStatus.Kind.IMAGES && limit.more().isZero()) {
            return ApiError.of(429, "requests", "Rate limit reached: " + whose(limit.spender()) + " orders at most "
                            + limit.most() + " images a minute, and this order alone is for more." + NOT_CHARGED
                            + " Order fewer at a time.")
                    .code("rate_limit_exceeded")
                    .notToBeRepeated();
        }
        String what = switch (limit.kind()) {
            case REQUESTS -> "orders at most " + limit.most() + " times a minute";
            case IMAGES -> "orders at most " + limit.most() + " images a minute, and " + limit.left() + " are left now";
            case AT_ONCE -> "has at most " + limit.most() + " orders in flight";
        };
        return ApiError.of(429, "requests", "Rate limit reached: " + whose(limit.spender()) + " " + what + "."
                        + NOT_CHARGED + TRY_LATER)
                .code("rate_limit_exceeded")
                .headers(RateLimitHeaders.retryAfter(limit));
    }

    private static String whose(Spender spender) {
        return spender == Spender.KEY ? "this key" : "the account of this key";
    }

    @Override
    public ApiError spendingCapReached(Declined.SpendingCapReached declined) {
        SpendingCap cap = declined.spent().cap();
        String period = cap.period() == SpendingCap.Period.DAY ? " a day (UTC)" : " in all";
        return ApiError.of(
                        429,
                        "insufficient_quota",
                        "Spending cap reached: " + whose(cap.spender()) + " may spend " + cap.most() + " credits"
                                + period + ", and has spent " + declined.spent().credits()
                                + ", what requests in flight hold included; this request may cost up to "
                                + declined.needed() + "." + NOT_CHARGED)
                .code("spending_cap_reached")
                .notToBeRepeated();
    }

    @Override
    public ApiError unknownModel(Declined.UnknownModel declined) {
        return ApiError.of(
                        400,
                        "image_generation_user_error",
                        "There is no model " + ApiError.quoted(declined.asked()) + ". Offered are: "
                                + listed(declined.offered()) + ".")
                .code("invalid_value")
                .param("model");
    }

    @Override
    public ApiError tooManyImages(Declined.TooManyImages declined) {
        return ApiError.invalidRequest(
                        400, "Invalid 'n': " + declined.asked() + " is above the maximum. The model '"
                                + declined.model() + "' makes at most " + declined.most() + " at a time.")
                .code("integer_above_max_value")
                .param("n");
    }

    @Override
    public ApiError qualityNotOffered(Declined.QualityNotOffered declined) {
        return qualityNotOffered(declined.model(), declined.asked().value(), declined.offered());
    }

    @Override
    public ApiError styleNotOffered(Declined.StyleNotOffered declined) {
        return notOffered("style", declined.model(), declined.asked(), declined.offered())
                .code("invalid_value")
                .param("style");
    }

    @Override
    public ApiError sizeNotOffered(Declined.SizeNotOffered declined) {
        return sizeNotOffered(declined.model(), declined.asked().value(), declined.offered());
    }

    @Override
    public ApiError dearerThanAllowed(Declined.DearerThanAllowed declined) {
        return ApiError.invalidRequest(
                        400, "This request may cost up to " + declined.quoted() + " credits, and x-max-credits allows "
                                + declined.allowed() + "." + NOT_CHARGED
                                + " Allow more, or ask for fewer, smaller or simpler images.")
                .code("price_above_max_credits");
    }

    @Override
    public ApiError alreadyOrdered(Declined.AlreadyOrdered declined) {
        RelayId earlier = declined.earlier();
        return declined.sameOrder()
                ? ApiError.invalidRequest(
                                409, "The same order is still being made, as request " + earlier + "."
                                        + NOT_CHARGED_FOR_THIS + " Fetch its result later from GET"
                                        + " /api/ai/images/results/" + earlier + ".")
                        .code("idempotency_still_running")
                        .notToBeRepeated()
                : ApiError.invalidRequest(
                                422, "This Idempotency-Key was used for another order, request " + earlier + "."
                                        + NOT_CHARGED_FOR_THIS + " Use a new key for every order.")
                        .code("idempotency_key_reused");
    }

    @Override
    public ApiError resultGone(Declined.ResultGone declined) {
        return ApiError.invalidRequest(
                        410, "The same order was made and paid for as request " + declined.earlier()
                                + ", and its result is not kept any more." + NOT_CHARGED_FOR_THIS
                                + " Use another Idempotency-Key, or none, to have it made and to pay for it again.")
                .code("idempotency_result_gone")
                .notToBeRepeated();
    }

    @Override
    public ApiError insufficientCredits(Declined.InsufficientCredits declined) {
        return ApiError.of(
                        429,
                        "insufficient_quota",
                        "Not enough credits: this request may cost up to " + declined.needed() + ", available are "
                                + declined.available() + ", and requests in flight hold " + declined.held() + "."
                                + NOT_CHARGED + " Top up the account, or wait for the requests in flight.")
                .code("insufficient_quota")
                .notToBeRepeated();
    }
}
