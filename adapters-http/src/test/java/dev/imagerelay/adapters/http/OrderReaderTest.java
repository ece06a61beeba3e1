package dev.imagerelay.adapters.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.http.Reading.Read;
import dev.imagerelay.adapters.http.Reading.Refused;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which bytes are an order, which order they are, and what is said of all others. */
class OrderReaderTest {

    private static final String USER_ERROR = "image_generation_user_error";
    private static final String REQUEST_ERROR = "invalid_request_error";

    private final OrderReader reader = new OrderReader(TestGateway::catalogue);

    @Test
    void aMinimalOrderIsForOnePictureAndLeavesTheRestToTheModel() {
        assertEquals(ImageOrder.of("gpt-image-2", "a cat"), order("{'model':'gpt-image-2','prompt':'a cat'}"));
    }

    @Test
    void everythingPricedIsRead() {
        ImageOrder order = order("""
                {'n': 3, 'size': '3840x2160', 'prompt': ' ', 'quality': 'high',
                 'style': 'vivid', 'model': 'gpt-image-2'}
                """);

        assertEquals(
                new ImageOrder(
                        ImageOrder.of("gpt-image-2", "x").model(), " ", 3, Optional.of(new ImageSize("3840x2160")),
                        Optional.of(new ImageQuality("high")), Optional.of("vivid"), Optional.empty()),
                order);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "'n':null", "'n':1", "'size':null", "'size':'auto'", "'quality':null", "'quality':'auto'", "'style':null",
        "'stream':null", "'stream':false", "'response_format':null", "'response_format':'url'",
        "'partial_images':null", "'partial_images':0", "'partial_images':3",
        "'image':{'n':7,'n2':[1,2,{'model':'x'}]}", "'foo':1e400",
        "'foo':[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "'f\\u006fo':1", "'background':'\\ud800'"
    })
    void whatChangesNothingChangesNothing(String member) {
        assertEquals(
                ImageOrder.of("gpt-image-2", "a cat"),
                order("{'model':'gpt-image-2'," + member + ",'prompt':'a cat'}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'stream':true | 0", "'stream':true,'partial_images':null | 0", "'partial_images':0,'stream':true | 0",
        "'stream':true,'partial_images':3 | 3"
    })
    void aStreamHasAsManyPreviewsAsAreAskedFor(String members, int previews) {
        assertEquals(
                ImageOrder.of("gpt-image-2", "a cat").streamed(previews),
                order("{'model':'gpt-image-2'," + members + ",'prompt':'a cat'}"));
    }

    @Test
    void aNumberOfAnyLengthIsLeftAloneWhereItMeansNothingHere() {
        assertEquals(1, order("{'model':'gpt-image-2','prompt':'x','seed':" + "9".repeat(5000) + "}").images());
    }

    @Test
    void aPromptIsCountedInCodePoints() {
        assertEquals("🐈".repeat(32_000), order(prompt("🐈".repeat(32_000))).prompt());
        assertEquals("string_above_max_length", refusal(prompt("🐈".repeat(32_001))).code().orElseThrow());
        assertEquals("string_above_max_length", refusal(prompt("x".repeat(32_001))).code().orElseThrow());
    }

    private static String prompt(String prompt) {
        return "{'model':'gpt-image-2','prompt':'" + prompt + "'}";
    }

    static Stream<Arguments> faults() {
        String model = "'model':'gpt-image-2'";
        String prompt = "'prompt':'a cat'";
        String both = model + "," + prompt + ",";
        return Stream.of(
                fault("prompt missing", model, "prompt", "missing_required_parameter"),
                fault("prompt empty", model + ",'prompt':''", "prompt", "empty_string"),
                fault("prompt null", model + ",'prompt':null", "prompt", "invalid_type"),
                fault("prompt a list", model + ",'prompt':['a cat']", "prompt", "invalid_type"),
                fault("prompt a number", model + ",'prompt':7", "prompt", "invalid_type"),
                fault("model missing", prompt, "model", "missing_required_parameter"),
                fault("model null", prompt + ",'model':null", "model", "invalid_type"),
                fault("model an object", prompt + ",'model':{'model':'gpt-image-2'}", "model", "invalid_type"),
                fault("n zero", both + "'n':0", "n", "integer_below_min_value"),
                fault("n minus zero", both + "'n':-0", "n", "integer_below_min_value"),
                fault("n minus one", both + "'n':-1", "n", "integer_below_min_value"),
                fault("n hugely negative", both + "'n':-" + "9".repeat(400), "n", "integer_below_min_value"),
                fault("n eleven", both + "'n':11", "n", "integer_above_max_value"),
                fault("n 2^31", both + "'n':2147483648", "n", "integer_above_max_value"),
                fault("n 2^53-1", both + "'n':9007199254740991", "n", "integer_above_max_value"),
                fault("n 2^63", both + "'n':9223372036854775808", "n", "integer_above_max_value"),
                fault("n that wraps", both + "'n':4422606891671865", "n", "integer_above_max_value"),
                fault("n 10^400", both + "'n':1" + "0".repeat(400), "n", "integer_above_max_value"),
                fault("n one and a half", both + "'n':1.5", "n", "invalid_type"),
                fault("n 1.0", both + "'n':1.0", "n", "invalid_type"),
                fault("n 1e0", both + "'n':1e0", "n", "invalid_type"),
                fault("n a string", both + "'n':'2'", "n", "invalid_type"),
                fault("n true", both + "'n':true", "n", "invalid_type"),
                fault("n a list", both + "'n':[1]", "n", "invalid_type"),
                fault("size a number", both + "'size':1024", "size", "invalid_type"),
                fault("quality a boolean", both + "'quality':true", "quality", "invalid_type"),
                fault("style a number", both + "'style':3", "style", "invalid_type"),
                fault("quality that none could be", both + "'quality':'sehr schön'", "quality", "invalid_value"),
                fault("stream a string", both + "'stream':'true'", "stream", "invalid_type"),
                fault("stream a number", both + "'stream':1", "stream", "invalid_type"),
                fault("previews minus one", both + "'stream':true,'partial_images':-1", "partial_images",
                        "integer_below_min_value"),
                fault("previews four", both + "'stream':true,'partial_images':4", "partial_images",
                        "integer_above_max_value"),
                fault("previews 2^32", both + "'stream':true,'partial_images':4294967296", "partial_images",
                        "integer_above_max_value"),
                fault("previews 1.0", both + "'stream':true,'partial_images':1.0", "partial_images", "invalid_type"),
                fault("previews 1e0", both + "'stream':true,'partial_images':1e0", "partial_images", "invalid_type"),
                fault("previews a string", both + "'stream':true,'partial_images':'1'", "partial_images",
                        "invalid_type"),
                fault("previews true", both + "'stream':true,'partial_images':true", "partial_images",
                        "invalid_type"),
                fault("previews nobody will see", both + "'partial_images':4", "partial_images",
                        "integer_above_max_value"),
                fault("previews of no stream", both + "'stream':false,'partial_images':'no number'",
                        "partial_images", "invalid_type"));
    }

    private static Arguments fault(String name, String members, String param, String code) {
        return Arguments.of(name, "{" + members + "}", param, code);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aMemberThatCannotBeIsNamed(String name, String json, String param, String code) {
        ApiError error = refusal(json);

        assertEquals(400, error.status());
        assertEquals(REQUEST_ERROR, error.type());
        assertEquals(Optional.of(param), error.param());
        assertEquals(Optional.of(code), error.code());
        assertTrue(error.message().contains(param), error.message());
    }

    @Test
    void aModelThatNoneCouldBeIsAnUnknownModel() {
        for (String name : new String[] {"", "größer", "a b", "x".repeat(129), "\\ud800"}) {
            ApiError error = refusal("{'prompt':'x','model':'" + name + "'}");
            assertEquals(USER_ERROR, error.type());
            assertEquals(Optional.of("invalid_value"), error.code());
            assertEquals(Optional.of("model"), error.param());
            assertTrue(error.message().contains("'gpt-image-2', 'resold/painter-1.5'"), error.message());
            assertTrue(error.message().length() < 250, error.message());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1024 x 1024", "1024×1024", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    void aSizeThatNoneCouldBeIsAnsweredLikeOneThatIsNotOffered(String size) {
        ApiError error = refusal("{'prompt':'x','model':'gpt-image-2','size':'" + size + "'}");

        assertEquals(USER_ERROR, error.type());
        assertEquals(Optional.of("invalid_value"), error.code());
        assertEquals(Optional.of("size"), error.param());
        assertTrue(error.message().contains("'1024x1024', '3840x2160'"), error.message());
    }

    @Test
    void anImpossibleSizeOfAnUnknownModelIsTheModelsFault() {
        assertEquals(
                Optional.of("model"), refusal("{'prompt':'x','model':'other','size':'1024 x 1024'}").param());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'prompt':'','model':null,'n':0 | prompt",
        "'prompt':'x','model':null,'n':0 | model",
        "'prompt':'x','model':'gpt-image-2','n':0,'quality':1,'size':1,'stream':1,'partial_images':4 | n",
        "'prompt':'x','model':'gpt-image-2','stream':1,'partial_images':4,'quality':1 | partial_images",
        "'prompt':'x','model':'gpt-image-2','quality':1,'size':1,'style':1 | quality",
        "'prompt':'x','model':'gpt-image-2','stream':1,'quality':1,'size':'' | stream"
    })
    void theFirstFaultInOpenAisOrderIsTheAnswer(String members, String param) {
        assertEquals(Optional.of(param), refusal("{" + members + "}").param());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "[]", "'a string'", "7", "null", "{", "{'model':'gpt-image-2','prompt':'x'", "{'prompt':'x',}",
        "{'model':'gpt-image-2','prompt':'x'} {}", "{'model':'gpt-image-2','prompt':'x'}x",
        "{'model':'gpt-image-2','prompt':'x'}\u0000", "{model:'gpt-image-2'}", "{'prompt':'x' 'model':'y'}",
        "{'model':'gpt-image-2','prompt':'x','n':1,'n':10}", "{'model':'gpt-image-2','prompt':'x','a':{'b':1,'b':2}}",
        "{'model':'gpt-image-2','model':'gpt-image-2','prompt':'x'}", "{'prompt':'line\nbreak','model':'gpt-image-2'}",
        "{'n':01}", "{'n':+1}", "{'n':NaN}", "{'prompt':'\\x41'}", "// comment\n{}", "{'n':1,'\\u006e':2}"
    })
    void whatIsNoJsonObjectIsRefusedWhole(String json) {
        refusedWhole(refusal(json));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'n':1,'n':10} | It names the member 'n' twice: see line 1, column 11.",
        "{'n':1,'\\u006e':2} | It names the member 'n' twice: see line 1, column 16.",
        "{'a':{'b c':1,'b c':2}} | It names the member 'b c' twice: see line 1, column 20.",
        "{'n':01} | It is no well-formed JSON: see line 1, column 7."
    })
    void aMemberNamedTwiceIsNamedAndOtherFaultsAreNot(String json, String message) {
        String said = refusal(json).message();

        assertTrue(said.endsWith(message), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\\\"", "'", "\\u0000", "🐈"})
    void ofALongOrStrangeNameThatComesTwiceOnlyTheBeginIsRepeated(String character) {
        String name = character.repeat(200);
        byte[] json = ("{\"" + name + "\":1,\"" + name + "\":2}").getBytes(UTF_8);

        String said = refusal(assertInstanceOf(Refused.class, reader.read(json))).message();

        assertTrue(said.contains("...' twice: see line 1"), said);
        assertTrue(said.length() < 350, said);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "model", "prompt", "n", "size", "quality", "style", "stream", "response_format", "partial_images"
    })
    void aNameThatMattersIsWrittenInOneWayOnly(String name) {
        String escaped = "\\u%04x".formatted((int) name.charAt(0)) + name.substring(1);
        String upper = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);

        for (String written : List.of(escaped, upper, name.toUpperCase(Locale.ROOT))) {
            ApiError error = refusal("{'" + written + "':null}");

            refusedWhole(error);
            assertTrue(error.message().contains("'" + name + "'"), error.message());
        }
    }

    static Stream<Arguments> strangeBytes() {
        String order = "{\"model\":\"gpt-image-2\",\"prompt\":\"";
        return Stream.of(
                Arguments.of("a cut character", bytes(order, UTF_8, 0xE2, 0x82, '"', '}')),
                Arguments.of("an overlong slash", bytes(order, UTF_8, 0xC0, 0xAF, '"', '}')),
                Arguments.of("a surrogate", bytes(order, UTF_8, 0xED, 0xA0, 0x80, '"', '}')),
                Arguments.of("Latin-1", bytes(order + "é\"}", StandardCharsets.ISO_8859_1)),
                Arguments.of("UTF-16", bytes(order + "x\"}", StandardCharsets.UTF_16BE)),
                Arguments.of("UTF-16 the other way", bytes(order + "x\"}", StandardCharsets.UTF_16LE)),
                Arguments.of("UTF-32", bytes(order + "x\"}", Charset.forName("UTF-32BE"))));
    }

    private static byte[] bytes(String text, Charset charset, int... more) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(text.getBytes(charset));
        for (int b : more) {
            bytes.write(b);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangeBytes")
    void onlyPlainUtf8IsRead(String name, byte[] json) {
        refusedWhole(refusal(assertInstanceOf(Refused.class, reader.read(json))));
    }

    @Test
    void aByteOrderMarkIsCalledByItsName() {
        ApiError error = refusal("\uFEFF{'model':'gpt-image-2','prompt':'x'}");

        refusedWhole(error);
        assertTrue(error.message().contains("byte order mark"), error.message());
    }

    @Test
    void depthAndNumberOfValuesAreBounded() {
        assertEquals("a cat", order(nested(31)).prompt());
        refusedWhole(refusal(nested(32)));
        assertEquals("a cat", order(listed(9_000)).prompt());
        refusedWhole(refusal(listed(10_000)));
    }

    private static String nested(int depth) {
        return "{'model':'gpt-image-2','prompt':'a cat','x':" + "[".repeat(depth) + "]".repeat(depth) + "}";
    }

    private static String listed(int count) {
        return "{'model':'gpt-image-2','prompt':'a cat','x':[" + "1,".repeat(count) + "1]}";
    }

    private static void refusedWhole(ApiError error) {
        assertEquals(400, error.status());
        assertEquals(REQUEST_ERROR, error.type());
        assertEquals(Optional.empty(), error.param());
        assertEquals(Optional.empty(), error.code());
        assertTrue(error.message().startsWith("We could not parse the JSON body of your request. "), error.message());
    }

    /** The value of model stands between « and », which are taken out. */
    @ParameterizedTest
    @ValueSource(strings = {
        "{'prompt':'Ein schöner 🐈 – „model“','model':«'gpt-image-2'»,'größe':'ü'}",
        "{\n  'größe' : 'ü',\n  'model'\t:\n   «'gpt-image-2'»  ,  'prompt' : '\\u0022model\\u0022: x'\n}\n",
        "{'a':{'model':'gpt-image-2'},'model':«'gpt-image-2'»,'prompt':'gpt-image-2'}",
        "{'prompt':'x','model':«'\\u0067pt-image-2'»}"
    })
    void onlyTheValueOfModelChangesOnTheWay(String marked) {
        byte[] sent = bytes(marked.replaceAll("[«»]", ""));

        ReceivedOrder received = received(sent);

        assertEquals("gpt-image-2", received.order().model().value());
        assertSame(sent, received.body().unchanged());
        assertArrayEquals(
                bytes(marked.replaceAll("«.*»", "'other-model'")), received.body().forModel("other-model"));
    }

    private ImageOrder order(String json) {
        return received(bytes(json)).order();
    }

    private ReceivedOrder received(byte[] json) {
        Reading<ReceivedOrder> reading = reader.read(json);
        if (reading instanceof Refused<ReceivedOrder> refused) {
            throw new AssertionError(refusal(refused).message());
        }
        return ((Read<ReceivedOrder>) reading).value();
    }

    private ApiError refusal(String json) {
        return refusal(assertInstanceOf(Refused.class, reader.read(bytes(json))));
    }

    /** JSON, written with single quotes for the reader's sake. */
    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(UTF_8);
    }

    private static ApiError refusal(Refused<?> refused) {
        return (ApiError) refused.error();
    }
}
