package dev.imagerelay.adapters.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/** Tells what an answer amounts to, by its status and its body. */
final class Judge {

    private static final long MAX_ERROR_BYTES = 1024 * 1024;

    private static final Pattern UP_TO_A_MINUTE = Pattern.compile("[1-9]|[1-5][0-9]|60");

    private final Path spoolDirectory;
    private final long maxAnswerBytes;
    private final Optional<String> ourKey;

    Judge(Path spoolDirectory, long maxAnswerBytes, Optional<String> ourKey) {
        this.spoolDirectory = spoolDirectory;
        this.maxAnswerBytes = maxAnswerBytes;
        this.ourKey = ourKey;
    }

    /** Reads as much of the answer to this order as the verdict needs; {@code events} takes a stream. */
    UpstreamReply judge(ClassicHttpResponse response, ImageOrder order, EventAnswer events) throws IOException {
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
                    ? success(response, order, events)
                    : failed(UpstreamFailure.ERROR_ANSWERED);
        };
    }

    private UpstreamReply success(ClassicHttpResponse response, ImageOrder order, EventAnswer events)
            throws IOException {
        return order.isStreamed() && EventAnswer.isOne(response)
                ? events.read(response, spoolDirectory, maxAnswerBytes)
                : complete(response, maxAnswerBytes, answer -> pictures(answer, order));
    }

    /** Reads the whole answer, and keeps its body only if the verdict passes just that on. */
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

    private UpstreamReply pictures(Optional<JsonAnswer> answer, ImageOrder order) {
        if (answer.isEmpty() || answer.get().outline().hasError()) {
            return failed(UpstreamFailure.UNUSABLE_ANSWER);
        }
        Delivery delivery = answer.get().delivery();
        if (delivery.images() == 0) {
            return failed(UpstreamFailure.NO_IMAGES);
        }
        return order.isStreamed()
                ? events(answer.get(), delivery)
                : new UpstreamReply.Images(answer.get().body(), delivery);
    }

    private UpstreamReply events(JsonAnswer answer, Delivery delivery) {
        try {
            return new UpstreamReply.Images(JsonAsEvents.of(answer, spoolDirectory), delivery);
        } catch (UnusableAnswer e) {
            return failed(UpstreamFailure.UNUSABLE_ANSWER);
        } finally {
            answer.body().close();
        }
    }

    private UpstreamReply refusal(int status, Optional<JsonAnswer> answer) {
        JsonNode error = error(answer);
        Optional<UpstreamFailure> trouble = OwnTrouble.in(error);
        if (trouble.isPresent()) {
            return failed(trouble.get());
        }
        if (answer.filter(this::repeatsOurKey).isPresent()) {
            return failed(UpstreamFailure.CREDENTIAL_REFUSED);
        }
        JsonNode message = error.path("message");
        return message.isTextual() || message.isNull()
                ? new UpstreamReply.Refused(status, answer.orElseThrow().body())
                : failed(UpstreamFailure.ERROR_ANSWERED);
    }

    /** Whatever an upstream says in such words is not for a customer's eyes. */
    private boolean repeatsOurKey(JsonAnswer answer) {
        return ourKey.filter(key -> text(answer.body()).contains(key)).isPresent();
    }

    private static String text(ReplyBody body) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            body.writeTo(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static UpstreamReply tooMany(ClassicHttpResponse response, Optional<JsonAnswer> answer) {
        return OwnTrouble.isNoMoney(error(answer)) ? failed(UpstreamFailure.QUOTA_EXHAUSTED) : busy(response);
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
        return answer.map(json -> json.outline().error()).orElse(MissingNode.getInstance());
    }

    private static UpstreamReply failed(UpstreamFailure failure) {
        return UpstreamReply.Failed.of(failure);
    }
}
