package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.models.images.Image;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's own Java client, with its defaults, changes base URL and key and nothing else. */
class OpenAiSdkTest {

    private RunningRelay relay;
    private CountingProxy door;
    private OpenAIClient client;

    @BeforeEach
    void start() throws IOException {
        relay = RunningRelay.onSample("10");
        door = new CountingProxy(relay.port());
        client = OpenAiJava.client(door, relay.key());
    }

    @AfterEach
    void stop() throws IOException {
        door.close();
        relay.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void itGetsPicturesInline(int images) throws IOException {
        ImagesResponse answer = client.images().generate(OpenAiJava.order().n(images).build());

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
        ImagesResponse answer = client.images()
                .generate(OpenAiJava.order()
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
        byte[] first = png(client.images().generate(OpenAiJava.order().build()));
        byte[] second = png(client.images().generate(OpenAiJava.order().build()));

        assertArrayEquals(first, second);
    }

    @Test
    void anUnknownModelIsABadRequestThatIsNotRepeated() {
        BadRequestException refusal = assertThrows(
                BadRequestException.class,
                () -> client.images().generate(OpenAiJava.order().model("dall-e-2").build()));

        assertEquals("invalid_value", refusal.code().orElseThrow());
        assertEquals("model", refusal.param().orElseThrow());
        assertTrue(refusal.getMessage().contains("gpt-image-2"), refusal.getMessage());
        assertEquals(1, door.requests());
    }

    private static byte[] png(ImagesResponse answer) {
        return Base64.getDecoder().decode(answer.data().orElseThrow().get(0).b64Json().orElseThrow());
    }
}
