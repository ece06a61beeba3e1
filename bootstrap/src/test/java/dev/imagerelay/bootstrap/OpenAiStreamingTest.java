package dev.imagerelay.bootstrap;

import static dev.imagerelay.bootstrap.StreamedExchanges.COMPLETED;
import static dev.imagerelay.bootstrap.StreamedExchanges.FAILED;
import static dev.imagerelay.bootstrap.StreamedExchanges.TYPE;
import static dev.imagerelay.bootstrap.StreamedExchanges.partial;
import static dev.imagerelay.bootstrap.StreamedExchanges.stream;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.openai.errors.BadRequestException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.images.ImageGenCompletedEvent;
import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.adapters.upstream.UpstreamSettings;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The streaming calls of OpenAI's own Java client, both ways, in the conformance cases that tell what a client makes of
 * a stream. Cases 57 and 64 are also its part in case 75.
 */
@Timeout(60)
class OpenAiStreamingTest {

    private final List<AutoCloseable> running = new ArrayList<>();
    private final List<ImageGenStreamEvent> events = new ArrayList<>();
    private RunningRelay relay;
    private CountingProxy door;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : running) {
            each.close();
        }
    }

    private void start(RunningRelay relay) throws IOException {
        this.relay = relay;
        door = new CountingProxy(relay.port());
        running.add(door);
        running.add(relay);
    }

    private void startOn(Script script) throws IOException {
        MisbehavingUpstream upstream = MisbehavingUpstream.answering(script);
        start(RunningRelay.on(upstream, "10"));
        running.add(upstream);
    }

    /** Orders what costs 1 credit, and takes down every event. */
    private void order(OpenAiJava way) {
        order(way, relay.key(), OpenAiJava.order());
    }

    private void order(OpenAiJava way, String key, ImageGenerateParams.Builder order) {
        way.stream(OpenAiJava.client(door, key), order.partialImages(2).build(), events::add);
    }

    /** The events that came: the index of each preview, and {@code completed} for each picture. */
    private List<String> seen() {
        return events.stream()
                .map(event -> event.generationPartialImage()
                        .map(preview -> String.valueOf(preview.partialImageIndex()))
                        .orElseGet(() -> event.asGenerationCompleted().isValid() ? "completed" : "invalid"))
                .toList();
    }

    static Stream<Arguments> models() {
        return Stream.of(OpenAiJava.values()).flatMap(way -> Stream.of(
                Arguments.of(way, "gpt-image-2", "1024x1024", "1"), Arguments.of(way, "sample", "256x256", "0.1")));
    }

    @ParameterizedTest
    @MethodSource("models")
    void case57_previewsAndThenThePictureCanBeLookedAt(OpenAiJava way, String model, String size, String price)
            throws Exception {
        start(RunningRelay.onSample("1"));

        order(way, relay.key(), OpenAiJava.order().model(model).size(size));

        assertEquals(List.of("0", "1", "completed"), seen());
        ImageGenCompletedEvent completed = events.get(2).asGenerationCompleted();
        for (String base64 : List.of(
                events.get(0).asGenerationPartialImage().b64Json(),
                events.get(1).asGenerationPartialImage().b64Json(),
                completed.b64Json())) {
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
            assertEquals(size, picture.getWidth() + "x" + picture.getHeight());
        }
        assertEquals(size, completed.size().asString());
        assertEquals(1, door.requests());
        assertEquals(List.of("granted 1", "held " + price, "settled " + price), relay.moves());
    }

    @ParameterizedTest
    @EnumSource
    void case60_aStreamWithoutItsLastBlankLineIsReadToItsEnd(OpenAiJava way) throws Exception {
        startOn(stream(partial(0) + COMPLETED.stripTrailing()));

        order(way);

        assertEquals(List.of("0", "completed"), seen());
        assertPaid();
    }

    @ParameterizedTest
    @EnumSource
    void case62_commentLinesAreNotSeen(OpenAiJava way) throws Exception {
        MisbehavingUpstream upstream = MisbehavingUpstream.answering(wire -> {
            wire.pause(200); // nobody but the client sees the comments, and it does not tell
            wire.begin(TYPE);
            wire.send(partial(0));
            wire.pause(200);
            wire.send(COMPLETED);
            wire.hangUp();
        });
        start(new RunningRelay(
                RunningRelay.listener(Optional.of(Duration.ofMillis(10)), List.of()),
                List.of(UpstreamSettings.of("openai", upstream.baseUrl(), Optional.empty())),
                Optional.empty(),
                "10"));
        running.add(upstream);

        order(way);

        assertEquals(List.of("0", "completed"), seen());
        assertPaid();
    }

    @ParameterizedTest
    @EnumSource
    void case64_aStreamThatIsCutRaises(OpenAiJava way) throws Exception {
        startOn(wire -> {
            wire.begin(TYPE);
            wire.send(partial(0) + COMPLETED.substring(0, 200));
            wire.reset();
        });

        SseException failure = assertThrows(SseException.class, () -> order(way));

        assertEquals(Optional.of("upstream_cut_off"), failure.code());
        assertEquals(Optional.of("server_error"), failure.type());
        assertEquals(List.of("0"), seen());
        assertNothingPaid();
    }

    @ParameterizedTest
    @EnumSource
    void case65_anErrorEventRaises(OpenAiJava way) throws Exception {
        startOn(stream(partial(0), FAILED));

        SseException failure = assertThrows(SseException.class, () -> order(way));

        assertEquals(Optional.of("image_generation_failed"), failure.code());
        assertEquals(Optional.of("image_generation_server_error"), failure.type());
        assertEquals(List.of("0"), seen());
        assertNothingPaid();
    }

    @ParameterizedTest
    @EnumSource
    void case66_aRefusalOfTheOrderIsABadRequest(OpenAiJava way) throws Exception {
        startOn(MisbehavingUpstream.json(400, "{\"error\":{\"message\":\"no\",\"type\":\"image_generation_user_error\","
                + "\"param\":null,\"code\":\"moderation_blocked\"}}"));

        BadRequestException refusal = assertThrows(BadRequestException.class, () -> order(way));

        assertEquals(Optional.of("moderation_blocked"), refusal.code());
        assertNothingPaid();
    }

    @ParameterizedTest
    @EnumSource
    void case67_picturesInOneJsonAreEvents(OpenAiJava way) throws Exception {
        startOn(MisbehavingUpstream.json(200, "{\"created\":1,\"background\":\"opaque\",\"output_format\":\"png\","
                + "\"quality\":\"high\",\"size\":\"1024x1024\",\"data\":[{\"b64_json\":\"QQ==\"}],\"usage\":"
                + "{\"input_tokens\":1,\"output_tokens\":1,\"total_tokens\":2,\"input_tokens_details\":"
                + "{\"image_tokens\":0,\"text_tokens\":1}}}"));

        order(way);

        assertEquals(List.of("completed"), seen());
        assertPaid();
    }

    @ParameterizedTest
    @EnumSource
    void case69_onePictureOfTwoIsReadBeforeTheErrorRaises(OpenAiJava way) throws Exception {
        startOn(wire -> {
            wire.begin(TYPE);
            wire.send(partial(0) + COMPLETED);
            wire.reset();
        });

        SseException failure =
                assertThrows(SseException.class, () -> order(way, relay.key(), OpenAiJava.order().n(2)));

        assertEquals(Optional.of("upstream_cut_off"), failure.code());
        assertEquals(List.of("0", "completed"), seen());
        assertEquals(1, door.requests());
        assertEquals(List.of("granted 10", "held 2", "settled 1", "released 1"), relay.moves());
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownModelIsABadRequest(OpenAiJava way) throws Exception {
        start(RunningRelay.onSample("1"));

        isRefused(BadRequestException.class, "invalid_value", way, relay.key(), OpenAiJava.order().model("dall-e-2"));
    }

    @ParameterizedTest
    @EnumSource
    void tooFewCreditsAreARateLimit(OpenAiJava way) throws Exception {
        start(RunningRelay.onSample("1"));

        isRefused(RateLimitException.class, "insufficient_quota", way, relay.key(), OpenAiJava.order().n(2));
    }

    @ParameterizedTest
    @EnumSource
    void aWrongKeyIsUnauthorized(OpenAiJava way) throws Exception {
        start(RunningRelay.onSample("1"));

        isRefused(UnauthorizedException.class, "invalid_api_key", way, "sk-relay-wrong", OpenAiJava.order());
    }

    private void isRefused(
            Class<? extends OpenAIServiceException> kind,
            String code,
            OpenAiJava way,
            String key,
            ImageGenerateParams.Builder order) {
        OpenAIServiceException refusal = assertThrows(kind, () -> order(way, key, order));

        assertEquals(Optional.of(code), refusal.code());
        assertEquals(List.of(), events);
        assertEquals(1, door.requests());
        assertEquals(List.of("granted 1"), relay.moves());
    }

    private void assertPaid() {
        assertEquals(1, door.requests());
        assertEquals(List.of("granted 10", "held 1", "settled 1"), relay.moves());
    }

    private void assertNothingPaid() {
        assertEquals(1, door.requests());
        assertEquals(List.of("granted 10", "held 1", "released 1"), relay.moves());
    }
}
