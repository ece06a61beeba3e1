package dev.imagerelay.adapters.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Declined;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayOutcome;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A line says all there is to know of an order, and nothing that is not known. */
class OrderLineTest {

    private static final RelayId ID = new RelayId("req_00000000000000000000000000000007");

    private final Order order = new Order(ID, Context.root(), 1_000_000);

    @Test
    void aDeliveredOrder() {
        asked("painter", 3);
        order.calls("north");
        order.called(2_000_000_000L);
        order.ended(new Verdict("delivered", Optional.empty(), Credits.of("4.5"), 3, Optional.empty()));

        assertEquals(
                "request=req_00000000000000000000000000000007 account=ann key=sk-relay-annannan model=painter size=2K"
                        + " quality=auto n=3 streamed=true upstream=north status=200 outcome=delivered images=3"
                        + " charged=4.5 replayed=false upstream_ms=2000 total_ms=2100",
                OrderLine.text(order, 200, 2_101_000_000L));
    }

    @Test
    void aDeclinedOrder() {
        asked("other", 1);
        order.ended(Verdict.of(new RelayOutcome.NotAccepted(new Declined.UnknownModel("canary", List.of()))));

        assertEquals(
                "request=req_00000000000000000000000000000007 account=ann key=sk-relay-annannan model=other size=2K"
                        + " quality=auto n=1 streamed=true status=400 outcome=declined code=unknown_model images=0"
                        + " charged=0 replayed=false total_ms=1",
                OrderLine.text(order, 400, 2_000_000));
    }

    @Test
    void anOrderThatWasNotUnderstood() {
        assertEquals(
                "request=req_00000000000000000000000000000007 status=401 total_ms=0",
                OrderLine.text(order, 401, 1_000_000));
    }

    private void asked(String model, int images) {
        Caller caller = new Caller(new AccountId("ann"), "sk-relay-annannan");
        order.asked(new Order.Asked(caller, new Labels.Ordered(model, "2K", "auto"), images, true));
    }
}
