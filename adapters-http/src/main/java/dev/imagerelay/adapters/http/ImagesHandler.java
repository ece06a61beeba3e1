package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.in.QuoteImages;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.Quote;
import dev.imagerelay.domain.pricing.UnitPrice;
import dev.imagerelay.domain.relay.Receipt;
import dev.imagerelay.domain.relay.RelayOutcome;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Takes orders for pictures, and tells what they would cost. */
final class ImagesHandler implements RelayOutcome.Cases<Answer> {

    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,6})?");

    private final Callers callers;
    private final BodyReader bodies;
    private final OrderReader orders;
    private final GenerateImages generateImages;
    private final QuoteImages quoteImages;
    private final Function<EventStream, LivePreviews> watching;

    /** What is shown of a streamed order goes to what {@code watching} makes for its stream. */
    ImagesHandler(
            Callers callers,
            BodyReader bodies,
            OrderReader orders,
            GenerateImages generateImages,
            QuoteImages quoteImages,
            Function<EventStream, LivePreviews> watching) {
        this.callers = callers;
        this.bodies = bodies;
        this.orders = orders;
        this.generateImages = generateImages;
        this.quoteImages = quoteImages;
        this.watching = watching;
    }

    Answer generate(Context ctx) {
        return callers.identify(ctx.req())
                .then(caller -> command(ctx, caller))
                .answer(command -> {
                    Answer answer = outcome(command, ctx.res()).match(this);
                    tellLimits(command, ctx.res());
                    return answer;
                });
    }

    private void tellLimits(GenerateImages.Command command, HttpServletResponse response) {
        RateLimitHeaders.add(response, generateImages.limits(command.caller()));
    }

    private RelayOutcome outcome(GenerateImages.Command command, HttpServletResponse response) {
        if (!command.order().isStreamed()) {
            return generateImages.generate(command);
        }
        tellLimits(command, response); // now, as the stream may begin at any time
        try (LivePreviews previews = watching.apply(new EventStream(response))) {
            return generateImages.generate(command, previews);
        }
    }

    private Reading<GenerateImages.Command> command(Context ctx, Caller caller) {
        HttpServletRequest request = ctx.req();
        return atMost(request)
                .then(atMost -> order(request)
                        .then(received -> Claims.read(request, caller, received.body())
                                .then(claim -> Reading.read(new GenerateImages.Command(
                                        Entrance.relayId(request), caller, received.order(), received.body(), atMost,
                                        claim)))));
    }

    private static Reading<Optional<Credits>> atMost(HttpServletRequest request) {
        List<String> sent = Collections.list(request.getHeaders("x-max-credits"));
        if (sent.isEmpty()) {
            return Reading.read(Optional.empty());
        }
        return sent.size() == 1 && AMOUNT.matcher(sent.get(0)).matches()
                ? Reading.read(Optional.of(Credits.of(sent.get(0))))
                : Reading.refused(ApiError.invalidRequest(
                        400, "The header x-max-credits must be one amount of credits with at most " + Credits.SCALE
                                + " decimals, such as 12.5."));
    }

    private Reading<ReceivedOrder> order(HttpServletRequest request) {
        return bodies.read(request).then(orders::read);
    }

    @Override
    public Answer delivered(RelayOutcome.Delivered outcome) {
        return new RelayedAnswer(
                200,
                outcome.body(),
                headers(outcome.receipt()),
                outcome.cutShort().map(failure -> ErrorMapping.cutShort(failure, outcome.receipt())));
    }

    @Override
    public Answer refusedUpstream(RelayOutcome.RefusedUpstream outcome) {
        return new RelayedAnswer(outcome.status(), outcome.body(), headers(outcome.receipt()));
    }

    @Override
    public Answer failedUpstream(RelayOutcome.FailedUpstream outcome) {
        return ErrorMapping.of(outcome.failure(), outcome.retryAfter())
                .headers(headers(outcome.receipt()));
    }

    private static Map<String, String> headers(Receipt receipt) {
        Map<String, String> headers = new HashMap<>();
        headers.put("x-credits-charged", receipt.charged().toString());
        receipt.remaining().ifPresent(remaining -> headers.put("x-credits-remaining", remaining.toString()));
        headers.put("x-price-version", receipt.version().toString());
        headers.put("x-images-delivered", String.valueOf(receipt.images()));
        return headers;
    }

    @Override
    public Answer replayed(RelayOutcome.Replayed outcome) {
        // No receipt: the images were delivered and paid for by the original, which has one.
        return new RelayedAnswer(200, outcome.body(), Map.of(
                "Idempotency-Replayed", "true",
                "x-original-request-id", outcome.original().toString(),
                "x-credits-charged", Credits.ZERO.toString()));
    }

    @Override
    public Answer notAccepted(RelayOutcome.NotAccepted outcome) {
        return ErrorMapping.of(outcome.declined());
    }

    Answer quote(Context ctx) {
        return callers.identify(ctx.req())
                .then(caller -> order(ctx.req())
                        .then(received -> Reading.of(quoteImages.quote(caller, received.order()))))
                .answer(answer -> JsonAnswer.ok(json(answer)));
    }

    private static ObjectNode json(QuoteImages.Answer answer) {
        Quote quote = answer.quote();
        UnitPrice unit = quote.unit();
        String unitQuality = unit.quality().map(Object::toString).orElse(null);
        ObjectNode json = JsonAnswer.object()
                .put("object", "image.quote")
                .put("model", quote.model().value())
                .put("size", quote.size().map(Object::toString).orElse("auto"))
                .put("quality", quote.quality().map(Object::toString).orElse(unitQuality == null ? null : "auto"))
                .put("n", quote.images())
                .put("unit_price", unit.credits().decimal())
                .put("total", quote.total().decimal());
        json.putObject("priced_as").put("size", unit.size().value()).put("quality", unitQuality);
        return json.put("rule", quote.isExact() ? "exact" : "dearest_possible")
                .put("price_version", quote.version().value())
                .put("available", answer.balance().available().decimal())
                .put("held", answer.balance().held().decimal())
                .put("covered", answer.covered());
    }
}
