package dev.imagerelay.domain.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.image.ImageOrder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a request's bytes only the value of {@code model} can change on the way. */
class RequestBodyTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "{'model':'public','prompt':'a fox'}",
        "{ 'prompt' : 'a fox' ,\n\t'model' :  'public' }\n",
        "{'prompt':'{braces} and ]brackets[ and \\'model\\':\\'other\\'','model':'public','n':1}",
        "{'prompt':'\\u00e9 é 狐 🦊 \\ud83e\\udd8a \\/ \\\\','model':'public','unknown':{'model':[1e0,1.0,null]}}",
        "{'model':'public'}"
    })
    void everythingButTheModelIsByteForByteTheSame(String text) {
        String json = text.replace('\'', '"');

        assertEquals(json.replace("\"public\"", "\"gpt-image-2\""), text(body(json).forModel("gpt-image-2")));
        assertEquals(json.replace("\"public\"", "\"m\""), text(body(json).forModel("m")));
    }

    private static RequestBody body(String json) {
        int start = bytes(json.substring(0, json.indexOf("\"public\""))).length;
        return new RequestBody(bytes(json), start, start + "\"public\"".length());
    }

    @Test
    void anyBytesBeforeAndBehindTheModelStay() {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            byte[] before = new byte[random.nextInt(50)];
            byte[] behind = new byte[random.nextInt(50)];
            random.nextBytes(before);
            random.nextBytes(behind);

            String model = '"' + "a".repeat(random.nextInt(4)) + '"';
            int end = before.length + model.length();

            RequestBody body = new RequestBody(joined(before, model, behind), before.length, end);

            assertArrayEquals(joined(before, "\"longer\"", behind), body.forModel("longer"));
        }
    }

    private static byte[] joined(byte[] before, String model, byte[] behind) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(before);
        out.writeBytes(bytes(model));
        out.writeBytes(behind);
        return out.toByteArray();
    }

    @Test
    void aModelKnownByItsPublicNameGetsTheBytesThemselves() {
        byte[] json = bytes("{\"model\":\"public\"}");

        assertSame(json, new RequestBody(json, 9, 17).unchanged());
        assertEquals("{\"model\":\"public\"}", text(json));
    }

    @Test
    void makingOneModelsBytesLeavesTheOthersAlone() {
        RequestBody body = body("{\"model\":\"public\"}");
        body.forModel("north");

        assertEquals("{\"model\":\"south\"}", text(body.forModel("south")));
        assertEquals("{\"model\":\"public\"}", text(body.unchanged()));
    }

    @Test
    void aNameThatNeedsEscapingIsEscaped() {
        assertEquals(
                "{\"model\":\"a\\\"b\\\\c\\u000a\\u0000é\"}",
                text(body("{\"model\":\"public\"}").forModel("a\"b\\c\n\0é")));
    }

    @ParameterizedTest
    @CsvSource({"-1, 17", "9, 19", "9, 9", "9, 10", "17, 9", "8, 17", "9, 16", "10, 17", "18, 18", "19, 25", "9, -1"})
    void aPlaceWithoutAStringIsRefused(int start, int end) {
        assertThrows(
                IllegalArgumentException.class, () -> new RequestBody(bytes("{\"model\":\"public\"}"), start, end));
    }

    @Test
    void anOrderIsWrittenInOpenAisForm() {
        ImageOrder order = ImageOrder.of("painter", "a fox").times(2).at("2K").in("high");
        ImageOrder styled = ImageOrder.of("painter", "a fox").styled("vivid");

        assertEquals(
                "{\"model\":\"painter\",\"prompt\":\"a fox\",\"n\":2,\"size\":\"2K\",\"quality\":\"high\"}",
                text(RequestBody.of(order).unchanged()));
        assertEquals(
                "{\"model\":\"painter\",\"prompt\":\"a fox\",\"n\":1,\"style\":\"vivid\"}",
                text(RequestBody.of(styled).unchanged()));
        assertEquals(
                "{\"model\":\"painter\",\"prompt\":\"a fox\",\"n\":1,\"stream\":true,\"partial_images\":2}",
                text(RequestBody.of(ImageOrder.of("painter", "a fox").streamed(2)).unchanged()));
        assertEquals(
                "{\"model\":\"gpt-image-2\",\"prompt\":\"a fox\",\"n\":1}",
                text(RequestBody.of(ImageOrder.of("painter", "a fox")).forModel("gpt-image-2")));
    }

    @Test
    void anyPromptIsWrittenAsAJsonString() {
        String prompt = "\"a\" \\ /\b\t\r\n\u001f\u007f\u2028 é 狐 🦊 \ud83e";

        assertEquals(
                "{\"model\":\"m\",\"prompt\":\"\\\"a\\\" \\\\ /\\u0008\\u0009\\u000d\\u000a\\u001f\u007f\u2028 é 狐 "
                        + "\\ud83e\\udd8a \\ud83e\",\"n\":1}",
                text(RequestBody.of(ImageOrder.of("m", prompt)).unchanged()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
