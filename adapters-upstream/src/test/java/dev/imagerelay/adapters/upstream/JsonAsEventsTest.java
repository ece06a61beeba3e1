package dev.imagerelay.adapters.upstream;

import static dev.imagerelay.adapters.upstream.Asking.ORDER;
import static dev.imagerelay.adapters.upstream.Asking.ask;
import static dev.imagerelay.adapters.upstream.Asking.bytes;
import static dev.imagerelay.adapters.upstream.Asking.filesIn;
import static dev.imagerelay.adapters.upstream.Asking.settings;
import static dev.imagerelay.adapters.upstream.Asking.text;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.answering;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.gzipped;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.domain.relay.UpstreamFailure.NO_IMAGES;
import static dev.imagerelay.domain.relay.UpstreamFailure.UNUSABLE_ANSWER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** JSON in answer to a streamed order becomes the events that were asked for, with every picture that is in it. */
@Timeout(60)
class JsonAsEventsTest {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    @TempDir
    Path spools;

    private final Shown shown = new Shown();

    static Stream<Arguments> answers() {
        return Stream.of(
                row("a picture", "{'created':7,'data':[{'b64_json':'QQ=='}]}",
                        "{'b64_json':'QQ==','created_at':7}"),
                row("all that is said of it",
                        "{'created':7,'background':'opaque','data':[{'b64_json':'QQ=='}],'output_format':'png',"
                                + "'quality':'high','size':'1024x1024','usage':{'total_tokens':9}}",
                        "{'b64_json':'QQ==','created_at':7,'background':'opaque','output_format':'png',"
                                + "'quality':'high','size':'1024x1024','usage':{'total_tokens':9}}"),
                row("what it used, once",
                        "{'usage':{'x':[1]},'data':[{'b64_json':'QQ=='},{'url':'u'},{'b64_json':''}]}",
                        "{'b64_json':'QQ=='}", "{'url':'u','usage':{'x':[1]}}"),
                row("line breaks of every kind",
                        "\n{\r\n\t'data' :\r [ {\n'b64_json'\r\n: 'QQ=='\n\n}\n,\n{ 'url':'u' , 'x':[\n1,\r2] } ] }\n",
                        "{'b64_json':'QQ=='}", "{'url':'u','x':[1,2]}"),
                row("members nobody knows",
                        "{'new':1,'data':[{'prompt':'f\u00f6x 🦊 \\n\\u00e9\\'','url':'u',"
                                + "'x':{'y':[1.5e3,null,{'z':'}'}]}}]}",
                        "{'prompt':'f\u00f6x 🦊 \\n\u00e9\\'','url':'u','x':{'y':[1.5e3,null,{'z':'}'}]}}"),
                row("entries without a picture",
                        "{'data':[null,{},'x',[{'url':'no'}],{'url':'a'},1.5,{'b64_json':null},{'url':'b'},true]}",
                        "{'url':'a'}", "{'url':'b'}"),
                row("what a picture says of itself",
                        "{'size':'1K','quality':'hd','created':7,'usage':{'a':1},'data':[{'url':'a','size':'2K'},"
                                + "{'url':'b','created_at':8,'usage':null,'quality':null}]}",
                        "{'url':'a','size':'2K','quality':'hd','created_at':7}",
                        "{'url':'b','created_at':8,'usage':null,'quality':null,'size':'1K'}"),
                row("a type of its own", "{'data':[{'type':'image','url':'a'}]}", "{'url':'a'}"),
                row("other data", "{'x':{'data':[{'url':'no'}]},'data':[{'url':'a','data':[]}],'y':[{'data':[]}]}",
                        "{'url':'a','data':[]}"),
                row("names with escapes", "{'d\\u0061ta':[{'\\u0075rl':'a'}],'s\\u0069ze':'1K'}",
                        "{'url':'a','size':'1K'}"),
                row("odd values", "{'created':null,'size':null,'quality':5,'usage':[],'data':[{'url':'a'}]}",
                        "{'url':'a','created_at':null,'size':null,'quality':5,'usage':[]}"),
                row("much beside it",
                        "{'x':'" + "\\\\'\u00f6".replace("'", "\\'").repeat(5_000) + "','data':[{'url':'a'},{'y':'"
                                + "z".repeat(20_000) + "'},\n{'url':'b'}],'z':'" + "語".repeat(9_000) + "'}",
                        "{'url':'a'}", "{'url':'b'}"));
    }

    private static Arguments row(String what, String answer, String... events) {
        return Arguments.of(what, quoted(answer), Stream.of(events).map(JsonAsEventsTest::quoted).toList());
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void eachPictureIsAnEventOfItsOwn(String what, String answer, List<String> events) throws IOException {
        UpstreamReply.Images images = assertInstanceOf(UpstreamReply.Images.class, streamed(json(200, answer)));
        List<JsonNode> expected = new ArrayList<>();
        for (String event : events) {
            expected.add(((ObjectNode) JSON.readTree(event)).put("type", "image_generation.completed"));
        }
        assertEquals(expected, data(images.body()));
        assertEquals(events.size(), images.delivery().images());
        assertEquals("text/event-stream", images.body().contentType());
        assertEquals(bytes(images.body()).length, images.body().length());
        assertEquals("", shown.text());
        images.discard();
        assertEquals(0, filesIn(spools));
    }

    /** Reads events as the official SDKs do. */
    private static List<JsonNode> data(ReplyBody body) throws IOException {
        String text = text(body);
        assertTrue(text.endsWith("\n\n"), text);
        List<JsonNode> data = new ArrayList<>();
        for (String event : text.split("\n\n")) {
            String[] lines = event.split("\n|\r", -1);
            assertEquals(2, lines.length, event);
            assertEquals("event: image_generation.completed", lines[0]);
            assertTrue(lines[1].startsWith("data: {"), lines[1]);
            data.add(JSON.readTree(lines[1].substring("data: ".length())));
        }
        return data;
    }

    @Test
    void whatIsSaidOfAPictureIsCopiedAndNotWrittenAnew() throws IOException {
        String picture = "{ \"url\":\"https:\\/\\/x\\u002fy\",\t\"n\" : 12345678901234567890.50 ";
        UpstreamReply.Images images = assertInstanceOf(
                UpstreamReply.Images.class, streamed(json(200, "{\"data\":[" + picture + "}],\"size\":\"1K\"}")));
        assertEquals("event: image_generation.completed\ndata: " + picture
                + ",\"size\":\"1K\",\"type\":\"image_generation.completed\"}\n\n", text(images.body()));
    }

    @Test
    void noMemberIsSaidTwice() throws IOException {
        String answer = quoted("{'created':1,'size':'1K','quality':'hd','background':'x','output_format':'png',"
                + "'usage':{},'data':[{'url':'u','created_at':2,'size':'2K','quality':'x','background':'y','output_format':'gif',"
                + "'usage':null}]}");
        UpstreamReply.Images images = assertInstanceOf(UpstreamReply.Images.class, streamed(json(200, answer)));
        for (String member : List.of("created_at", "size", "quality", "background", "output_format", "usage", "type")) {
            assertEquals(2, text(images.body()).split("\"" + member + "\":").length, member);
        }
    }

    @Test
    void theDeliveryIsThatOfTheWholeAnswerInWhateverFormItCame() throws IOException {
        byte[] answer = quoted("{'size':'1K','quality':'hd','data':[{'url':'a'},{'url':'b'}]}").getBytes(UTF_8);
        Delivery delivery =
                new Delivery(2, Optional.of(new ImageSize("1K")), Optional.of(new ImageQuality("hd")));
        for (Script script : List.<Script>of(
                wire -> wire.answer(200, "", answer),
                wire -> wire.answer(201, "Content-Encoding: gzip\r\n", gzipped(answer)),
                wire -> wire.answer(200, "Content-Type: text/plain\r\n", answer))) {
            UpstreamReply.Images images = assertInstanceOf(UpstreamReply.Images.class, streamed(script));
            assertEquals(delivery, images.delivery());
            assertEquals(2, data(images.body()).size());
        }
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of("{'error':{'message':'m','type':'t','param':null,'code':null}}", UNUSABLE_ANSWER),
                Arguments.of("{'error':{},'data':[{'url':'u'}]}", UNUSABLE_ANSWER),
                Arguments.of("", UNUSABLE_ANSWER),
                Arguments.of("<html>", UNUSABLE_ANSWER),
                Arguments.of("{'data':[{'url':'u'}]", UNUSABLE_ANSWER),
                Arguments.of("{'data':[{'b64_json':'" + "a".repeat(100_000) + "'}]}", UNUSABLE_ANSWER),
                Arguments.of("{'data':[{'url':'u','" + "a".repeat(60_000) + "':1}]}", UNUSABLE_ANSWER),
                Arguments.of("{'data':[]}", NO_IMAGES),
                Arguments.of("{}", NO_IMAGES));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anAnswerThatIsNoGoodIsAFailureAsEver(String answer, UpstreamFailure failure) throws IOException {
        assertEquals(UpstreamReply.Failed.of(failure), streamed(json(200, quoted(answer))));
        assertEquals("", shown.text());
        assertEquals(0, filesIn(spools));
    }

    @Test
    void aPictureOf20MebibytesPassesThroughFilesAndNotThroughTheHeap() throws IOException {
        String picture = "QUJD".repeat(5 * 1024 * 1024);
        byte[] answer = ("{\"data\":[{\"b64_json\":\"" + picture + "\"}],\"size\":\"1K\"}").getBytes(UTF_8);
        streamed(json(200, Asking.ONE_PICTURE)).discard(); // the first answer of a process loads classes
        try (MisbehavingUpstream upstream = answering(wire -> wire.answer(200, "", answer))) {
            UpstreamSettings settings = UpstreamSettings.of("main", upstream.baseUrl(), Optional.empty());
            ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = thread.getCurrentThreadAllocatedBytes();
            UpstreamReply.Images images = assertInstanceOf(
                    UpstreamReply.Images.class, ask(settings, spools, ORDER.streamed(0), shown));
            long allocated = thread.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 512 * 1024, "the relay allocated " + allocated + " bytes");
            assertEquals(1, filesIn(spools));
            String event = "event: image_generation.completed\ndata: {\"b64_json\":\"" + picture
                    + "\",\"size\":\"1K\",\"type\":\"image_generation.completed\"}\n\n";
            assertArrayEquals(event.getBytes(UTF_8), bytes(images.body()));
            images.discard();
        }
        assertEquals(0, filesIn(spools));
    }

    private UpstreamReply streamed(Script script) throws IOException {
        try (MisbehavingUpstream upstream = answering(script)) {
            return ask(settings(upstream.baseUrl()), spools, ORDER.streamed(2).times(2), shown);
        }
    }
}
