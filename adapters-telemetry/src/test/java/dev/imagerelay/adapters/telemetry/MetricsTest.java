package dev.imagerelay.adapters.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.telemetry.Telemetry.Condition;
import dev.imagerelay.application.port.in.Sweep.Swept;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens is counted, once, under names of which there are few whatever callers write. */
class MetricsTest {

    private final Watched gateway = new Watched();

    @Test
    void aPictureIsCountedWithItsTimeAndItsMoney() {
        gateway.upstream = (id, route, order, body, previews) -> {
            assertEquals("1.0", value("image_relay_open_holds"));
            assertEquals("4.0", value("image_relay_open_holds_credits"));
            assertEquals("1.0", value("image_relay_relays_in_flight"));
            gateway.pass(Duration.ofSeconds(90));
            assertEquals("90.0", value("image_relay_oldest_open_hold_seconds"));
            return Watched.pictures(1);
        };

        gateway.order(Watched.order().times(2));

        String labels = "{model=\"painter\",outcome=\"delivered\",upstream=\"north\"}";
        assertEquals("1", value("image_relay_relay_duration_seconds_count" + labels));
        assertEquals("90.0", value("image_relay_relay_duration_seconds_sum" + labels));
        assertEquals("90.0", value("image_relay_upstream_duration_seconds_sum" + labels));
        assertEquals("0", bucket("relay", "81.92"));
        assertEquals("1", bucket("relay", "120.0"));
        assertEquals("1", bucket("relay", "600.0"));
        assertEquals("1", value("image_relay_overhead_seconds_count"));
        assertEquals("0.0", value("image_relay_overhead_seconds_sum"));
        assertEquals("1.0", value("image_relay_images_total{model=\"painter\",quality=\"low\",size=\"2K\"}"));
        assertEquals("4.0", value("image_relay_ledger_credits_total{kind=\"held\"}"));
        assertEquals("2.0", value("image_relay_ledger_credits_total{kind=\"settled\"}"));
        assertEquals("2.0", value("image_relay_ledger_credits_total{kind=\"released\"}"));
        assertEquals("1.0", value("image_relay_ledger_postings_total{result=\"posted\",verb=\"hold\"}"));
        assertEquals("1.0", value("image_relay_ledger_postings_total{result=\"posted\",verb=\"settle\"}"));
        assertEquals("0.0", value("image_relay_open_holds"));
        assertEquals("0.0", value("image_relay_relays_in_flight"));
    }

    private String bucket(String what, String atMost) {
        return value("image_relay_" + what + "_duration_seconds_bucket{model=\"painter\",outcome=\"delivered\","
                + "upstream=\"north\",le=\"" + atMost + "\"}");
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of(Watched.refusal(), "refused", "refused_upstream", Optional.empty()),
                Arguments.of(Watched.failure(UpstreamFailure.TIMED_OUT), "timed_out", "failed_upstream",
                        Optional.of("timed_out")),
                Arguments.of(Watched.failure(UpstreamFailure.ERROR_ANSWERED), "error_answered", "failed_upstream",
                        Optional.empty()),
                Arguments.of(new UpstreamReply.Images(
                                new Watched.Nothing(), Delivery.of(1),
                                Optional.of(UpstreamFailure.CUT_OFF)),
                        "cut_short", "cut_short", Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void everyEndIsCountedByItsName(UpstreamReply reply, String call, String outcome, Optional<String> loss) {
        gateway.upstream = (id, route, order, body, previews) -> reply;

        gateway.order(Watched.order());

        assertEquals("1", value("image_relay_upstream_duration_seconds_count{model=\"painter\",outcome=\"" + call
                + "\",upstream=\"north\"}"));
        assertEquals("1", value("image_relay_relay_duration_seconds_count{model=\"painter\",outcome=\"" + outcome
                + "\",upstream=\"north\"}"));
        assertEquals(loss.map(reason -> "1.0"), gateway.metric("image_relay_upstream_losses_total{reason=\""
                + loss.orElse("") + "\",upstream=\"north\"}"));
    }

    @Test
    void everyUpstreamThatIsAskedIsCountedAndTheOrderForTheLast() {
        gateway.upstream = (id, route, order, body, previews) -> route.upstream().equals("north")
                ? Watched.failure(UpstreamFailure.BUSY)
                : Watched.pictures(1);

        gateway.order(Watched.order());

        assertEquals("1", value(
                "image_relay_upstream_duration_seconds_count{model=\"painter\",outcome=\"busy\",upstream=\"north\"}"));
        assertEquals("1", value("image_relay_upstream_duration_seconds_count"
                + "{model=\"painter\",outcome=\"delivered\",upstream=\"south\"}"));
        assertEquals("1", value("image_relay_relay_duration_seconds_count"
                + "{model=\"painter\",outcome=\"delivered\",upstream=\"south\"}"));
    }

    @Test
    void whatIsDeclinedIsCountedByItsReason() {
        gateway.order(Watched.order().at("2K").in("high").times(4));
        gateway.order(Watched.order().in("high").times(4));

        assertEquals("1.0", value("image_relay_declined_total{model=\"painter\",reason=\"insufficient_credits\"}"));
        assertEquals("1.0", value("image_relay_ledger_postings_total{result=\"insufficient\",verb=\"hold\"}"));
    }

    @Test
    void anErrorOfOurOwnIsCountedAndGoesOn() {
        gateway.upstream = (id, route, order, body, previews) -> {
            throw StoreUnavailable.before("no disk");
        };

        assertThrows(StoreUnavailable.class, () -> gateway.order(Watched.order()));

        assertEquals("1", value("image_relay_relay_duration_seconds_count"
                + "{model=\"painter\",outcome=\"error\",upstream=\"north\"}"));
        assertEquals("0.0", value("image_relay_relays_in_flight"));
    }

    @Test
    void theFirstPreviewIsTimedAndNoneAfterIt() {
        gateway.upstream = (id, route, order, body, previews) -> {
            gateway.pass(Duration.ofSeconds(3));
            previews.show(new Watched.Nothing());
            gateway.pass(Duration.ofSeconds(3));
            previews.show(new Watched.Nothing());
            return Watched.pictures(1);
        };

        gateway.order(Watched.order().streamed(2));

        assertEquals("1", value("image_relay_first_preview_seconds_count{model=\"painter\",upstream=\"north\"}"));
        assertEquals("3.0", value("image_relay_first_preview_seconds_sum{model=\"painter\",upstream=\"north\"}"));
    }

    @Test
    void tenThousandInventedNamesAreOneMoreSeries() {
        gateway.order(ImageOrder.of("invented", Watched.PROMPT).at("huge").in("best"));
        List<String> series = series();

        for (int i = 0; i < 10_000; i++) {
            gateway.order(ImageOrder.of("invented-" + i, Watched.PROMPT).at("size" + i).in("quality" + i));
        }

        assertEquals(series, series());
        assertEquals("10001.0", value("image_relay_declined_total{model=\"other\",reason=\"unknown_model\"}"));
    }

    /** Without those of the JVM, which come and go. */
    private List<String> series() {
        return gateway.telemetry.metrics().lines()
                .filter(line -> line.startsWith("image_relay_"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
    }

    @Test
    void requestsAreCountedByRouteAndStatusOnceTheyAreAnswered() {
        ObjIntConsumer<String> answered =
                gateway.telemetry.began(gateway.nextId(), "GET", "/v1/models/x", name -> Optional.empty());
        assertEquals("1.0", value("image_relay_requests_in_flight"));

        answered.accept("/v1/models/<id>", 404);

        assertEquals("0.0", value("image_relay_requests_in_flight"));
        assertEquals("1.0", value("image_relay_requests_total{route=\"/v1/models/<id>\",status=\"404\"}"));
    }

    @Test
    void theGatewaysConditionAndWhatWasSweptAreTold() {
        gateway.telemetry.watch(() -> new Condition(false, 3, 4, 5, 60, 7, 1, 2));
        gateway.telemetry.sweep(() -> new Swept(1, 2, 3)).sweep();

        assertEquals("0.0", value("image_relay_ready"));
        assertEquals("3.0", value("image_relay_unsettled_endings"));
        assertEquals("4.0", value("image_relay_ledger_queue"));
        assertEquals("5.0", value("image_relay_ledger_batches_total"));
        assertEquals("60.0", value("image_relay_ledger_changes_total"));
        assertEquals("7.0", value("image_relay_database_connections{state=\"in_use\"}"));
        assertEquals("1.0", value("image_relay_database_connections{state=\"idle\"}"));
        assertEquals("2.0", value("image_relay_database_connections_awaited"));
        assertEquals("2.0", value("image_relay_swept_total{what=\"released\"}"));
        assertTrue(gateway.telemetry.metrics().contains("version=\"1.2.3\""));
    }

    private String value(String series) {
        return gateway.metric(series).orElse("missing");
    }
}
