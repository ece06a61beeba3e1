package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.LimitStatus.Kind;
import dev.imagerelay.domain.account.LimitStatus;
import dev.imagerelay.domain.account.Spender;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Declined;
import dev.imagerelay.domain.relay.Receipt;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.UpstreamFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every refusal and every failure has one error on the wire, and says whether it may be repeated. */
class ErrorMappingTest {

    private static final ModelId MODEL = new ModelId("gpt-image-2");

    private static final RelayId EARLIER = new RelayId("req_" + "a".repeat(32));

    static final Map<String, Declined> REFUSALS = Map.ofEntries(
            Map.entry("KeyRefused", new Declined.KeyRefused()),
            Map.entry("UnknownModel", new Declined.UnknownModel("dall-e-9", List.of(MODEL))),
            Map.entry("TooManyImages", new Declined.TooManyImages(MODEL, 9, 4)),
            Map.entry("QualityNotOffered", new Declined.QualityNotOffered(
                    MODEL, new ImageQuality("hd"), List.of(new ImageQuality("low")))),
            Map.entry("StyleNotOffered", new Declined.StyleNotOffered(MODEL, "vivid", List.of())),
            Map.entry("SizeNotOffered", new Declined.SizeNotOffered(
                    MODEL, new ImageSize("1x1"), List.of(new ImageSize("1024x1024")))),
            Map.entry("DearerThanAllowed", new Declined.DearerThanAllowed(Credits.of("4.5"), Credits.of("2"))),
            Map.entry("SameOrder", new Declined.AlreadyOrdered(EARLIER, true)),
            Map.entry("OtherOrder", new Declined.AlreadyOrdered(EARLIER, false)),
            Map.entry("ResultGone", new Declined.ResultGone(EARLIER)),
            Map.entry("AccountSuspended", new Declined.AccountSuspended()),
            Map.entry("ModelNotAllowed", new Declined.ModelNotAllowed(MODEL, List.of(new ModelId("sample")))),
            Map.entry("KeyLimit", new Declined.LimitReached(
                    new LimitStatus(Spender.KEY, Kind.REQUESTS, 60, 0, Duration.ofMillis(12_345)))),
            Map.entry("AccountLimit", new Declined.LimitReached(
                    new LimitStatus(Spender.ACCOUNT, Kind.IMAGES, 100, 3, Duration.ofSeconds(7)))),
            Map.entry("NeverAllowed", new Declined.LimitReached(
                    new LimitStatus(Spender.KEY, Kind.IMAGES, 3, 3, Duration.ZERO))),
            Map.entry("InFlightLimit", new Declined.LimitReached(
                    new LimitStatus(Spender.KEY, Kind.AT_ONCE, 5, 0, Duration.ZERO))),
            Map.entry("DailyCap", new Declined.SpendingCapReached(Credits.of("4"), new SpendingCap.Spent(
                    new SpendingCap(Spender.ACCOUNT, "acct_1", SpendingCap.Period.DAY, Credits.of("50")),
                    Credits.of("48.5")))),
            Map.entry("TotalCap", new Declined.SpendingCapReached(Credits.of("4"), new SpendingCap.Spent(
                    new SpendingCap(Spender.KEY, "sk-relay-a", SpendingCap.Period.EVER, Credits.of("50")),
                    Credits.of("48.5")))),
            Map.entry("InsufficientCredits", new Declined.InsufficientCredits(
                    Credits.of("9"), Credits.of("1.5"), Credits.of("3"))));

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "KeyRefused, 401, invalid_request_error, invalid_api_key, -",
        "UnknownModel, 400, image_generation_user_error, invalid_value, model",
        "TooManyImages, 400, invalid_request_error, integer_above_max_value, n",
        "QualityNotOffered, 400, invalid_request_error, invalid_value, quality",
        "StyleNotOffered, 400, invalid_request_error, invalid_value, style",
        "SizeNotOffered, 400, image_generation_user_error, invalid_value, size",
        "DearerThanAllowed, 400, invalid_request_error, price_above_max_credits, -",
        "SameOrder, 409, invalid_request_error, idempotency_still_running, -",
        "OtherOrder, 422, invalid_request_error, idempotency_key_reused, -",
        "ResultGone, 410, invalid_request_error, idempotency_result_gone, -",
        "AccountSuspended, 403, invalid_request_error, account_suspended, -",
        "ModelNotAllowed, 403, invalid_request_error, model_not_allowed, model",
        "KeyLimit, 429, requests, rate_limit_exceeded, -",
        "AccountLimit, 429, requests, rate_limit_exceeded, -",
        "NeverAllowed, 429, requests, rate_limit_exceeded, -",
        "InFlightLimit, 429, requests, rate_limit_exceeded, -",
        "DailyCap, 429, insufficient_quota, spending_cap_reached, -",
        "TotalCap, 429, insufficient_quota, spending_cap_reached, -",
        "InsufficientCredits, 429, insufficient_quota, insufficient_quota, -"
    })
    void aRefusalBecomesItsError(String name, int status, String type, String code, String param) {
        ApiError error = ErrorMapping.of(REFUSALS.get(name));

        assertEquals(status, error.status());
        assertEquals(type, error.type());
        assertEquals(Optional.of(code), error.code());
        assertEquals(Optional.ofNullable(param), error.param());
    }

    @Test
    void noRefusalIsMissingHere() {
        Set<Class<?>> all = Arrays.stream(Declined.class.getPermittedSubclasses()).collect(Collectors.toSet());
        assertEquals(all, REFUSALS.values().stream().map(Object::getClass).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "UnknownModel        | 'dall-e-9'; 'gpt-image-2'",
        "TooManyImages       | 9; gpt-image-2; 4",
        "QualityNotOffered   | 'hd'; gpt-image-2; 'low'",
        "StyleNotOffered     | 'vivid'; takes no style",
        "SizeNotOffered      | '1x1'; '1024x1024'",
        "DearerThanAllowed   | 4.5; 2; Nothing was charged",
        "SameOrder           | Nothing was charged; GET /api/ai/images/results/req_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.",
        "OtherOrder          | req_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; Nothing was charged; a new key",
        "ResultGone          | req_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; Nothing was charged; another Idempotency-Key",
        "ModelNotAllowed     | 'gpt-image-2'; 'sample'",
        "KeyLimit            | this key orders at most 60 times a minute; Nothing was charged",
        "AccountLimit        | the account of this key orders at most 100 images a minute, and 3 are left",
        "NeverAllowed        | at most 3 images a minute; this order alone is for more",
        "InFlightLimit       | this key has at most 5 orders in flight",
        "DailyCap            | the account of this key may spend 50 credits a day (UTC); has spent 48.5; up to 4",
        "TotalCap            | this key may spend 50 credits in all; has spent 48.5; up to 4",
        "InsufficientCredits | 9; 1.5; 3; Nothing was charged"
    })
    void aRefusalSaysWhatIsOfferedOrMissing(String name, String words) {
        String message = ErrorMapping.of(REFUSALS.get(name)).message();
        for (String word : words.split("; ")) {
            assertTrue(message.contains(word.strip()), message);
        }
    }

    @Test
    void headersTellSdksWhatHelps() {
        for (String last : List.of("InsufficientCredits", "SameOrder", "ResultGone", "DailyCap", "NeverAllowed")) {
            assertEquals(Map.of("x-should-retry", "false"), ErrorMapping.of(REFUSALS.get(last)).headers());
        }
        assertEquals(
                Map.of("WWW-Authenticate", "Bearer realm=\"Image Relay\""),
                ErrorMapping.of(REFUSALS.get("KeyRefused")).headers());
        assertEquals(Map.of(), ErrorMapping.of(REFUSALS.get("DearerThanAllowed")).headers());
        assertEquals(
                Map.of("Retry-After", "13", "retry-after-ms", "12345"),
                ErrorMapping.of(REFUSALS.get("KeyLimit")).headers());
        assertEquals(
                Map.of("Retry-After", "5", "retry-after-ms", "5000"),
                ErrorMapping.of(REFUSALS.get("InFlightLimit")).headers());
    }

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, 502, server_error, upstream_unreachable, true",
        "BUSY, 429, requests, rate_limit_exceeded, true",
        "UNAVAILABLE, 503, server_error, upstream_unavailable, true",
        "CREDENTIAL_REFUSED, 502, server_error, upstream_auth_failed, false",
        "QUOTA_EXHAUSTED, 503, server_error, upstream_quota_exhausted, false",
        "ERROR_ANSWERED, 502, server_error, upstream_error, true",
        "TIMED_OUT, 504, server_error, upstream_timed_out, false",
        "CUT_OFF, 502, server_error, upstream_cut_off, false",
        "UNUSABLE_ANSWER, 502, server_error, upstream_invalid_response, false",
        "NO_IMAGES, 502, server_error, upstream_no_images, false",
        "TOO_LATE, 500, server_error, settled_too_late, false"
    })
    void aFailureBecomesItsError(UpstreamFailure failure, int status, String type, String code, boolean repeatable) {
        ApiError error = ErrorMapping.of(failure, Optional.empty());

        assertEquals(status, error.status());
        assertEquals(type, error.type());
        assertEquals(Optional.of(code), error.code());
        assertEquals(Optional.empty(), error.param());
        assertEquals(repeatable ? Map.of() : Map.of("x-should-retry", "false"), error.headers());
    }

    @ParameterizedTest
    @EnumSource
    void noFailureCostsOrMayBeBoughtTwiceByAnSdk(UpstreamFailure failure) {
        ApiError error = ErrorMapping.of(failure, Optional.of(7));

        assertTrue(error.message().contains("Nothing was charged."), error.message());
        assertFalse(error.message().endsWith("Nothing was charged."), "says what to do: " + error.message());
        if (failure.mayHaveWorked()) {
            assertEquals("false", error.headers().get("x-should-retry"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatWasCutShortSaysWhatWasChargedAndHowItFailed(UpstreamFailure failure) {
        Receipt receipt = new Receipt(
                Credits.of("3"), Optional.of(Credits.of("7")), 3, TestGateway.catalogue().rateCard().version());

        ApiError error = ErrorMapping.cutShort(failure, receipt);

        assertEquals(ErrorMapping.of(failure, Optional.empty()).code(), error.code());
        assertTrue(error.message().contains("Charged are only those that came: 3."), error.message());
        assertFalse(error.message().contains("Nothing was charged"), error.message());
    }

    @Test
    void noTwoFailuresShareACode() {
        Set<Optional<String>> codes = new HashSet<>();
        Stream.of(UpstreamFailure.values()).forEach(f -> codes.add(ErrorMapping.of(f, Optional.empty()).code()));
        assertEquals(UpstreamFailure.values().length, codes.size());
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "0, 1", "-3, 1", "60, 60", "3600, 60"})
    void aBusyUpstreamsWaitIsPassedOnWithinAMinute(int asked, String told) {
        assertEquals(
                Map.of("Retry-After", told), ErrorMapping.of(UpstreamFailure.BUSY, Optional.of(asked)).headers());
        assertEquals(
                Map.of("Retry-After", told),
                ErrorMapping.of(UpstreamFailure.UNAVAILABLE, Optional.of(asked)).headers());
        assertEquals(
                Map.of(), ErrorMapping.of(UpstreamFailure.ERROR_ANSWERED, Optional.of(asked)).headers());
    }

    @Test
    void aLostLedgerSaysWhetherAnythingMayHaveHappened() {
        ApiError before = ErrorMapping.of(StoreUnavailable.before("no connection"));
        ApiError during = ErrorMapping.of(StoreUnavailable.during("cut", new IOException("disk")));

        for (ApiError error : List.of(before, during)) {
            assertEquals(503, error.status());
            assertEquals("server_error", error.type());
            assertEquals(Optional.of("ledger_unavailable"), error.code());
        }
        assertEquals(Map.of("Retry-After", "5", "x-should-retry", "true"), before.headers());
        assertTrue(before.message().contains("Nothing was charged."));
        assertEquals(Map.of("x-should-retry", "false"), during.headers());
        assertFalse(during.message().contains("Nothing was charged."));
    }
}
