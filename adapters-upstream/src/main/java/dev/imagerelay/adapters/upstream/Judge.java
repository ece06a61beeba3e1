package dev.imagerelay.adapters.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/** Tells what an answer amounts to, by its status and its body. */
final class Judge {

    private static final long MAX_ERROR_BYTES = 1024 * 1024;

    /** The codes, one of them also a type, by which OpenAI says that an account has no money left. */
    private static final Pattern NO_MONEY = Pattern.compile("insufficient_quota|credit_balance_exhausted"
            + "|billing_hard_limit_reached|.+_spend_limit_exceeded|.+_usage_limit_exceeded");

    private static final Pattern UP_TO_A_MINUTE = Pattern.compile("[1-9]|[1-5][0-9]|60");

    private final Path spoolDirectory;
    private final long maxAnswerBytes;

    Judge(Path spoolDirectory, long maxAnswerBytes) {
        this.spoolDirectory = spoolDirectory;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /** Reads as much of the answer as the verdict needs. */
    UpstreamReply judge(ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        return switch (status) {
            case 401, 403 -> failed(UpstreamFailure.CREDENTIAL_REFUSED);
            case 402 -> failed(UpstreamFailure.QUOTA_EXHAUSTED);
            case 400, 413, 415, 422, 451 -> complete(response, MAX_ERROR_BYTES, answer -> refusal(status, answer));
            case 429 -> complete(response, MAX_ERROR_BYTES, answer -> tooMany(response, answer));
            case 503 -> complete(response, MAX_ERROR_BYTES, answer -> unavailable(response, answer));
            // What a proxy before the upstream says once it has given up waiting (522 and 524 are Cloudflare's), or
            // once its connection broke: the picture may be in the making.
            case 408, 504, 522, 524 -> failed(UpstreamFailure.TIMED_OUT);
            case 502, 520, 521, 523 -> failed(UpstreamFailure.CUT_OFF);
            default -> status / 100 == 2
                    ? complete(response, maxAnswerBytes, Judge::success)
                    : failed(UpstreamFailure.ERROR_ANSWERED);
        };
    }

    /** Reads the whole answer, and keeps its body only if the verdict passes it on. */
    private UpstreamReply complete(
            ClassicHttpResponse response, long maxBytes, Function<Optional<JsonAnswer>, UpstreamReply> verdict)
            throws IOException {
        Optional<JsonAnswer> answer = JsonAnswer.read(response, spoolDirectory, maxBytes);
        UpstreamReply reply = verdict.apply(answer);
        if (reply instanceof UpstreamReply.Failed) {
            answer.ifPresent(a -> a.body().close());
        }
        return reply;
    }

    private static UpstreamReply success(Optional<JsonAnswer> answer) {
        if (answer.isEmpty() || answer.get().hasError()) {
            return failed(UpstreamFailure.UNUSABLE_ANSWER);
        }
        Delivery delivery = answer.get().delivery();
        return delivery.images() == 0
                ? failed(UpstreamFailure.NO_IMAGES)
                : new UpstreamReply.Images(answer.get().body(), delivery);
    }

    private static UpstreamReply refusal(int status, Optional<JsonAnswer> answer) {
        JsonNode error = error(answer);
        if (status == 400 && error.path("code").asText().equals("billing_hard_limit_reached")) {
            return failed(UpstreamFailure.QUOTA_EXHAUSTED);
        }
        JsonNode message = error.path("message");
        return message.isTextual() || message.isNull()
                ? new UpstreamReply.Refused(status, answer.orElseThrow().body())
                : failed(UpstreamFailure.ERROR_ANSWERED);
    }

    private static UpstreamReply tooMany(ClassicHttpResponse response, Optional<JsonAnswer> answer) {
        JsonNode error = error(answer);
        return saysNoMoney(error.path("type")) || saysNoMoney(error.path("code"))
                ? failed(UpstreamFailure.QUOTA_EXHAUSTED)
                : busy(response);
    }

    private static boolean saysNoMoney(JsonNode name) {
        return NO_MONEY.matcher(name.asText()).matches();
    }

    /** Only the upstream itself says so in JSON; a proxy's page may mean that the connection broke behind it. */
    private static UpstreamReply unavailable(ClassicHttpResponse response, Optional<JsonAnswer> answer) {
        return error(answer).isObject() ? busy(response) : failed(UpstreamFailure.CUT_OFF);
    }

    private static UpstreamReply busy(ClassicHttpResponse response) {
        Optional<Integer> retryAfter = Optional.ofNullable(response.getFirstHeader("Retry-After"))
                .map(Header::getValue)
                .filter(value -> UP_TO_A_MINUTE.matcher(value).matches())
                .map(Integer::valueOf);
        return new UpstreamReply.Failed(UpstreamFailure.BUSY, retryAfter);
    }

    private static JsonNode error(Optional<JsonAnswer> answer) {
        return answer.map(JsonAnswer::error).orElse(MissingNode.getInstance());
    }

    private static UpstreamReply failed(UpstreamFailure failure) {
        return UpstreamReply.Failed.of(failure);
    }
}
