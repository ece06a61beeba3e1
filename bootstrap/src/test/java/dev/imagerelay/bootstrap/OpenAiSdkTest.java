package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.images.Image;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import com.openai.models.models.Model;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

/** OpenAI's own Java client, with its defaults, changes base URL and key and nothing else. */
class OpenAiSdkTest {

    private RunningRelay relay;
    private CountingProxy door;

    @BeforeEach
    void start() throws IOException {
        relay = RunningRelay.onSample("10");
        door = new CountingProxy(relay.port());
    }

    @AfterEach
    void stop() throws IOException {
        door.close();
        relay.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void itGetsPicturesInline(int images) throws IOException {
        ImagesResponse answer = client(relay.key()).images().generate(order().n(images).build());

        List<Image> pictures = answer.data().orElseThrow();
        assertEquals(images, pictures.size());
        for (Image picture : pictures) {
            byte[] png = Base64.getDecoder().decode(picture.b64Json().orElseThrow());
            BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(png));
            assertEquals(1024, decoded.getWidth());
            assertEquals(1024, decoded.getHeight());
        }
        assertTrue(answer.usage().isPresent());
        assertEquals(RunningRelay.credits(String.valueOf(10 - images)), relay.balance());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    @SuppressWarnings("deprecation") // OpenAI's own models no longer take it, others do
    void itGetsPicturesByLink(int images) throws IOException {
        ImagesResponse answer = client(relay.key())
                .images()
                .generate(order()
                        .n(images)
                        .responseFormat(ImageGenerateParams.ResponseFormat.URL)
                        .build());

        List<Image> pictures = answer.data().orElseThrow();
        assertEquals(images, pictures.size());
        for (Image picture : pictures) {
            BufferedImage decoded = ImageIO.read(URI.create(picture.url().orElseThrow()).toURL());
            assertEquals(1024, decoded.getWidth());
        }
        assertEquals(RunningRelay.credits(String.valueOf(10 - images)), relay.balance());
    }

    @Test
    void theSamePictureComesAgainForTheSamePrompt() {
        OpenAIClient client = client(relay.key());

        byte[] first = png(client.images().generate(order().build()));
        byte[] second = png(client.images().generate(order().build()));

        assertArrayEquals(first, second);
    }

    @Test
    void itListsTheModels() {
        OpenAIClient client = client(relay.key());

        List<String> models = client.models().list().data().stream().map(Model::id).toList();

        assertEquals(List.of("gpt-image-2", "sample"), models);
        assertEquals("gpt-image-2", client.models().retrieve("gpt-image-2").id());
    }

    @Test
    void aWrongKeyIsAnAuthenticationError() {
        String wrong = relay.key().substring(0, relay.key().length() - 1) + "!";

        UnauthorizedException refusal = assertThrows(
                UnauthorizedException.class, () -> client(wrong).images().generate(order().build()));

        assertEquals("invalid_api_key", refusal.code().orElseThrow());
        assertEquals("invalid_request_error", refusal.type().orElseThrow());
    }

    @Test
    void noCreditsIsARateLimitErrorThatIsNotRepeated() {
        RateLimitException refusal = assertThrows(RateLimitException.class, () -> client(relay.key())
                .images()
                .generate(order().n(10).size(ImageGenerateParams.Size.of("3840x2160")).build()));

        assertEquals("insufficient_quota", refusal.code().orElseThrow());
        assertEquals("insufficient_quota", refusal.type().orElseThrow());
        assertTrue(refusal.getMessage().contains("40") && refusal.getMessage().contains("10"), refusal.getMessage());
        assertEquals(1, door.requests());
        assertEquals(RunningRelay.credits("10"), relay.balance());
    }

    @Test
    void anUnknownModelIsABadRequestThatIsNotRepeated() {
        BadRequestException refusal = assertThrows(BadRequestException.class, () -> client(relay.key())
                .images()
                .generate(order().model("dall-e-2").build()));

        assertEquals("invalid_value", refusal.code().orElseThrow());
        assertEquals("model", refusal.param().orElseThrow());
        assertTrue(refusal.getMessage().contains("gpt-image-2"), refusal.getMessage());
        assertEquals(1, door.requests());
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + door.port() + "/v1")
                .apiKey(key)
                .build();
    }

    private static ImageGenerateParams.Builder order() {
        return ImageGenerateParams.builder()
                .model("gpt-image-2")
                .prompt("a lighthouse at dawn")
                .size(ImageGenerateParams.Size._1024X1024);
    }

    private static byte[] png(ImagesResponse answer) {
        return Base64.getDecoder().decode(answer.data().orElseThrow().get(0).b64Json().orElseThrow());
    }
}
