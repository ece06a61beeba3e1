package dev.imagerelay.adapters.upstream;

import static dev.imagerelay.adapters.upstream.Asking.ORDER;
import static dev.imagerelay.adapters.upstream.Asking.ask;
import static dev.imagerelay.adapters.upstream.Asking.filesIn;
import static dev.imagerelay.adapters.upstream.Asking.settings;
import static dev.imagerelay.adapters.upstream.Asking.text;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.answering;
import static dev.imagerelay.adapters.upstream.SentEvents.TYPE;
import static dev.imagerelay.adapters.upstream.SentEvents.completed;
import static dev.imagerelay.adapters.upstream.SentEvents.error;
import static dev.imagerelay.adapters.upstream.SentEvents.flatError;
import static dev.imagerelay.adapters.upstream.SentEvents.partial;
import static dev.imagerelay.adapters.upstream.SentEvents.stream;
import static dev.imagerelay.domain.relay.UpstreamFailure.BUSY;
import static dev.imagerelay.domain.relay.UpstreamFailure.CREDENTIAL_REFUSED;
import static dev.imagerelay.domain.relay.UpstreamFailure.CUT_OFF;
import static dev.imagerelay.domain.relay.UpstreamFailure.NO_IMAGES;
import static dev.imagerelay.domain.relay.UpstreamFailure.QUOTA_EXHAUSTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An error told in a stream is the caller's to read if it is about the order, and ours if it is about our account. */
@Timeout(60)
class StreamErrorsTest {

    private static final ImageOrder ONE = ORDER.streamed(1);

    @TempDir
    Path spools;

    private final Shown shown = new Shown();

    static List<String> errors() {
        return List.of(
                error(),
                error().replace("event: error\n", ""),
                error("image_generation_user_error", "moderation_blocked"),
                "data: {\"error\":\"no\"}\n\n",
                "event: x.partial_image\ndata: {\"type\":\"x.partial_image\",\"error\":{}}\n\n");
    }

    @ParameterizedTest
    @MethodSource("errors")
    void anErrorBeforeAnyPictureIsARefusalAsItCame(String error) throws IOException {
        for (String before : List.of("", ": x\n\n", partial())) {
            Shown shown = new Shown();
            UpstreamReply.Refused refused =
                    assertInstanceOf(UpstreamReply.Refused.class, streamed(before + error + ":\n\n", ONE, shown));
            assertEquals(200, refused.status());
            assertEquals(error + ":\n\n", text(refused.body()));
            assertEquals("text/event-stream", refused.body().contentType());
            assertEquals(before, shown.text());
            refused.discard();
        }
    }

    @Test
    void aRefusalStaysOneHoweverTheStreamEnds() throws IOException {
        try (MisbehavingUpstream upstream = answering(wire -> {
            wire.begin(TYPE);
            wire.send(error() + "data: {\"x\":");
            wire.reset();
        })) {
            UpstreamReply reply = ask(settings(upstream.baseUrl()), spools, ONE, shown);
            assertEquals(error(), text(assertInstanceOf(UpstreamReply.Refused.class, reply).body()));
        }
    }

    @Test
    @Timeout(20) // the idle limit is longer
    void anUpstreamThatLingersBehindItsErrorIsLeft() throws IOException {
        try (MisbehavingUpstream upstream = answering(wire -> {
            wire.begin(TYPE);
            wire.send(completed() + error());
            wire.stall();
        })) {
            UpstreamReply reply = ask(settings(upstream.baseUrl()), spools, ONE.times(2), shown);
            UpstreamReply.Images images = assertInstanceOf(UpstreamReply.Images.class, reply);
            assertEquals(completed() + error(), text(images.body()));
            assertEquals(Optional.empty(), images.cutShort());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anErrorBehindAPictureIsPassedOnWithIt(int ordered) throws IOException {
        String rest = completed() + error();
        UpstreamReply.Images images = assertInstanceOf(
                UpstreamReply.Images.class, streamed(partial() + rest, ONE.times(ordered), shown));
        assertEquals(rest, text(images.body()));
        assertEquals(1, images.delivery().images());
        assertEquals(Optional.empty(), images.cutShort());
        assertEquals(partial(), shown.text());
    }

    @Test
    void aPictureBehindAnErrorIsNotLost() throws IOException {
        String events = error() + completed();
        UpstreamReply.Images images =
                assertInstanceOf(UpstreamReply.Images.class, streamed(events, ONE.times(2), shown));
        assertEquals(events, text(images.body()));
        assertEquals(1, images.delivery().images());
    }

    @Test
    void anErrorThatIsNullIsNone() throws IOException {
        String preview = partial().replace("\"size\"", "\"error\":null,\"size\"");
        String picture = completed().replace("\"size\"", "\"error\":null,\"size\"");
        UpstreamReply.Images images =
                assertInstanceOf(UpstreamReply.Images.class, streamed(preview + picture, ONE, shown));
        assertEquals(preview, shown.text());
        assertEquals(picture, text(images.body()));
    }

    static Stream<Arguments> troubles() {
        return Stream.of(
                Arguments.of(error("insufficient_quota", "project_spend_limit_exceeded"), QUOTA_EXHAUSTED),
                Arguments.of(error("invalid_request_error", "billing_hard_limit_reached"), QUOTA_EXHAUSTED),
                Arguments.of(error("requests", "rate_limit_exceeded"), BUSY),
                Arguments.of(error("invalid_request_error", "invalid_api_key"), CREDENTIAL_REFUSED),
                Arguments.of(error("x", "slow_down").replace("event: error\n", ""), BUSY),
                Arguments.of(error("x\",\"y\":\"" + "z".repeat(40_000), "slow_down"), BUSY),
                Arguments.of(flatError("insufficient_quota"), QUOTA_EXHAUSTED),
                Arguments.of(flatError("rate_limit_exceeded"), BUSY),
                Arguments.of(flatError("invalid_api_key"), CREDENTIAL_REFUSED));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void troubleWithOurAccountIsOursAndItsWordsAreNotPassedOn(String trouble, UpstreamFailure failure)
            throws IOException {
        assertEquals(UpstreamReply.Failed.of(failure), streamed(trouble, ONE, shown));
        assertEquals("", shown.text());
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void onceSomethingWasShownItIsAStreamThatIsCut(String trouble) throws IOException {
        assertEquals(UpstreamReply.Failed.of(CUT_OFF), streamed(partial() + trouble, ONE, shown));
        assertEquals(partial(), shown.text());
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void picturesThatCameBeforeItAreNotLost(String trouble, UpstreamFailure failure) throws IOException {
        for (int ordered : new int[] {1, 2}) {
            Optional<UpstreamFailure> missing = ordered == 1 ? Optional.empty() : Optional.of(failure);
            UpstreamReply.Images images = assertInstanceOf(
                    UpstreamReply.Images.class, streamed(completed() + trouble, ONE.times(ordered), shown));
            assertEquals(completed(), text(images.body()));
            assertEquals(1, images.delivery().images());
            assertEquals(missing, images.cutShort());
        }
    }

    @Test
    void anErrorInTheFormOfOtherEndpointsIsSaidAgainInTheFormThatSdksUnderstand() throws IOException {
        String flat = flatError("moderation_blocked");
        UpstreamReply.Refused refused = assertInstanceOf(UpstreamReply.Refused.class, streamed(flat, ONE, shown));
        assertEquals(
                flat + "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"secret org-1\","
                        + "\"type\":\"error\",\"param\":null,\"code\":\"moderation_blocked\"}}\n\n",
                text(refused.body()));
        refused.discard();
    }

    @Test
    void whatSaysNothingOfAnErrorIsNone() throws IOException {
        String picture = completed().replace("{\"type\"", "{\"error\":\"\",\"type\"");
        UpstreamReply.Images images = assertInstanceOf(
                UpstreamReply.Images.class, streamed(picture + picture, ONE.times(2), shown));
        assertEquals(2, images.delivery().images());
        images.discard();
    }

    @Test
    void doneIsLeftOutBeforeAnErrorOfOurs() throws IOException {
        try (MisbehavingUpstream upstream = answering(wire -> {
            wire.begin(TYPE);
            wire.send(completed() + "data: [DONE]\n\n" + completed() + "data: {\"x\":");
            wire.reset();
        })) {
            UpstreamReply reply = ask(settings(upstream.baseUrl()), spools, ONE.times(3), shown);
            UpstreamReply.Images images = assertInstanceOf(UpstreamReply.Images.class, reply);
            assertEquals(2, images.delivery().images());
            images.discard();
        }
        assertEquals(0, filesIn(spools));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"data\":{\"b64_json\":\"%s\"}}", "{\"image\":{\"b64_json\":\"%s\"}}"})
    void whatMightBeAPictureIsNotShownBeforeItIsKnown(String data) throws IOException {
        String odd = "data: " + data.formatted("A".repeat(10_000)) + "\n\n";
        assertEquals(UpstreamReply.Failed.of(NO_IMAGES), streamed(odd, ONE, shown));
        assertEquals("", shown.text());
    }

    private UpstreamReply streamed(String events, ImageOrder order, Shown shown) throws IOException {
        try (MisbehavingUpstream upstream = answering(stream(events))) {
            return ask(settings(upstream.baseUrl()), spools, order, shown);
        } finally {
            assertEquals(0, filesIn(spools));
        }
    }
}
