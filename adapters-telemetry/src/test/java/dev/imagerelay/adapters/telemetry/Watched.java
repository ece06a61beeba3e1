package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.application.Catalogues;
import dev.imagerelay.application.Records;
import dev.imagerelay.application.SettableTime;
import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.application.port.out.InMemoryAccounts;
import dev.imagerelay.application.port.out.InMemoryAuditTrail;
import dev.imagerelay.application.port.out.InMemoryCreditLedger;
import dev.imagerelay.application.port.out.InMemoryUnsettled;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.service.ImageRelay;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;

/** A gateway without HTTP that is watched: one account, a painter, stores in memory, and a clock that is set. */
final class Watched {

    static final String PROMPT = "canary-prompt";

    private final SettableTime time = new SettableTime();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Caller ann = new Caller(new AccountId("ann"), "sk-relay-annannan");
    final OpenTelemetryExtension traces = OpenTelemetryExtension.create();
    final Telemetry telemetry;
    final CreditLedger ledger;
    final GenerateImages images;
    long now;
    ImageUpstream upstream = (id, route, order, body, previews) -> pictures(order.images());

    Watched() {
        InMemoryAuditTrail trail = new InMemoryAuditTrail();
        InMemoryAccounts accounts = new InMemoryAccounts(trail);
        accounts.add(new Account(ann.account(), "Ann"), Records.ANY);
        telemetry = new Telemetry(Catalogues::painter, "1.2.3", () -> now, traces.getOpenTelemetry());
        ledger = telemetry.ledger(new InMemoryCreditLedger(accounts, time, trail));
        ledger.post(Intent.grant(ann.account(), Grant.of(
                new GrantId("gift"), GrantSource.PURCHASED, 50, Optional.empty(), time.instant(), Optional.empty(),
                Credits.of("20"))));
        ImageUpstream watched = telemetry.upstream(
                (id, route, order, body, previews) -> upstream.relay(id, route, order, body, previews),
                Map.of("north", "north.example"));
        images = telemetry.generateImages(ImageRelay.generateImages(
                Catalogues::painter, ledger, watched, Results.NONE, new InMemoryUnsettled(), time, new Random(7)));
    }

    /** Lets time pass. */
    void pass(Duration time) {
        now += time.toNanos();
    }

    RelayId nextId() {
        return new RelayId("req_%032x".formatted(numbers.incrementAndGet()));
    }

    static ImageOrder order() {
        return ImageOrder.of("painter", PROMPT).at("2K").in("low");
    }

    /** Orders without HTTP. */
    RelayOutcome order(ImageOrder order) {
        return images.generate(command(nextId(), order), Previews.UNSEEN);
    }

    /** Orders as over HTTP, with that {@code traceparent}, and answers with that status. */
    void order(ImageOrder order, Optional<String> traceparent, int status) {
        RelayId id = nextId();
        ObjIntConsumer<String> answered = telemetry.began(
                id, "POST", "/v1/images/generations", name -> traceparent.filter(value -> name.equals("traceparent")));
        images.generate(command(id, order), Previews.UNSEEN);
        answered.accept("/v1/images/generations", status);
    }

    private GenerateImages.Command command(RelayId id, ImageOrder order) {
        return new GenerateImages.Command(
                id, ann, order, RequestBody.of(order), Optional.empty(), Optional.<Claim>empty());
    }

    static UpstreamReply pictures(int count) {
        return new UpstreamReply.Images(new Nothing(), Delivery.of(count));
    }

    static UpstreamReply refusal() {
        return new UpstreamReply.Refused(400, new Nothing());
    }

    static UpstreamReply failure(UpstreamFailure failure) {
        return UpstreamReply.Failed.of(failure);
    }

    /** The value of a line of the metrics, by all before it; empty if there is no such line. */
    Optional<String> metric(String series) {
        return telemetry.metrics().lines()
                .filter(line -> line.startsWith(series + " "))
                .map(line -> line.substring(series.length() + 1))
                .findFirst();
    }

    /** An empty body. */
    record Nothing() implements ReplyBody {
        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public long length() {
            return 0;
        }

        @Override
        public void writeTo(OutputStream out) {}

        @Override
        public void close() {}
    }
}
