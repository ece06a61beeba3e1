package dev.imagerelay.adapters.upstream.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationRequestTest {

    @Test
    void eachPictureHasARecipe() throws Exception {
        GenerationRequest request =
                read("{'model': 'm', 'prompt': 'a', 'n': 2, 'size': '16x3840', 'quality': 'high'}");

        assertEquals(List.of(
                new Recipe("a", 16, 3840, Quality.HIGH, 0),
                new Recipe("a", 16, 3840, Quality.HIGH, 1)), request.recipes());
        assertFalse(request.links());
        assertEquals(Optional.empty(), request.previews());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "'stream': true                           | 0",
        "'stream': true, 'partial_images': null   | 0",
        "'stream': true, 'partial_images': 0      | 0",
        "'stream': true, 'partial_images': 3      | 3",
        "'stream': true, 'response_format': 'url' | 0",
        "'stream': false, 'partial_images': 2     |",
        "'stream': null, 'partial_images': 2      |",
        "'partial_images': 2                      |"})
    void previewsAreShownInAStreamOnly(String details, Integer previews) throws Exception {
        assertEquals(Optional.ofNullable(previews), read("{'model': 'm', 'prompt': 'a', " + details + "}").previews());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4})
    void thereAreNoPreviewsBelowNoneOrBeyondThree(int previews) {
        List<Recipe> recipes = List.of(new Recipe("a", 16, 16, Quality.LOW, 0));

        assertThrows(IllegalArgumentException.class,
                () -> new GenerationRequest(recipes, false, Optional.of(previews)));
    }

    @Test
    void promptMayBe32000CharactersLongAndNoLonger() throws Exception {
        assertEquals(1, read("{'model': 'm', 'prompt': '" + "a".repeat(32_000) + "'}").recipes().size());

        Refusal refusal = refusal("{'model': 'm', 'prompt': '" + "a".repeat(32_001) + "'}");
        assertEquals("string_above_max_length", refusal.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "{'model': 'm', 'prompt': 'a'", "{'model': 'm', 'prompt': 'a'} {}", "['a']", "'a'", "null"})
    void whatIsNotOneObjectIsMalformed(String body) {
        Refusal refusal = refusal(body);

        assertEquals(400, refusal.status());
        assertEquals("invalid_request_error", refusal.type());
        assertEquals(null, refusal.param());
        assertEquals(null, refusal.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"7b22fffe223a317d", "0000007b0011ffff"})
    void whatIsNoTextIsMalformed(String bytes) {
        byte[] body = HexFormat.of().parseHex(bytes);

        assertEquals(400, assertThrows(Refusal.class,
                () -> GenerationRequest.read(new ByteArrayInputStream(body))).status());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "{'model': 'm'}                                              | prompt          | missing_required_parameter",
        "{'model': 'm', 'prompt': ''}                                | prompt          | empty_string",
        "{'model': 'm', 'prompt': null}                              | prompt          | invalid_type",
        "{'model': 'm', 'prompt': 7}                                 | prompt          | invalid_type",
        "{'prompt': 'a'}                                             | model           | missing_required_parameter",
        "{'prompt': 'a', 'model': null}                              | model           | invalid_type",
        "{'prompt': 'a', 'model': 'm', 'n': 0}                       | n               | integer_below_min_value",
        "{'prompt': 'a', 'model': 'm', 'n': 11}                      | n               | integer_above_max_value",
        "{'prompt': 'a', 'model': 'm', 'n': 4294967297}              | n               | integer_above_max_value",
        "{'prompt': 'a', 'model': 'm', 'n': 1.5}                     | n               | invalid_type",
        "{'prompt': 'a', 'model': 'm', 'n': '1'}                     | n               | invalid_type",
        "{'prompt': 'a', 'model': 'm', 'quality': 'hd'}              | quality         | invalid_value",
        "{'prompt': 'a', 'model': 'm', 'quality': 1}                 | quality         | invalid_type",
        "{'prompt': 'a', 'model': 'm', 'response_format': ''}        | response_format | invalid_value",
        "{'prompt': 'a', 'model': 'm', 'stream': 'true'}             | stream          | invalid_type",
        "{'prompt': 'a', 'model': 'm', 'stream': 1}                  | stream          | invalid_type",
        "{'prompt': 'a', 'model': 'm', 'partial_images': -1}         | partial_images  | integer_below_min_value",
        "{'prompt': 'a', 'model': 'm', 'partial_images': 4}          | partial_images  | integer_above_max_value",
        "{'prompt': 'a', 'model': 'm', 'partial_images': 4294967297} | partial_images  | integer_above_max_value",
        "{'prompt': 'a', 'model': 'm', 'partial_images': 1.0}        | partial_images  | invalid_type",
        "{'prompt': 'a', 'model': 'm', 'partial_images': '1'}        | partial_images  | invalid_type",
        "{'prompt': 'a', 'model': 'm', 'partial_images': true}       | partial_images  | invalid_type"})
    void memberToBlameIsNamed(String body, String param, String code) {
        Refusal refusal = refusal(body);

        assertEquals(400, refusal.status());
        assertEquals("invalid_request_error", refusal.type());
        assertEquals(param, refusal.param());
        assertEquals(code, refusal.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"big", "64", "64x", "-64x64", "64X64", " 64x64", "15x1024", "1024x3841", "9999999999x64"})
    void sizeThatCannotBePaintedIsTheUsersError(String size) {
        Refusal refusal = refusal("{'prompt': 'a', 'model': 'm', 'size': '" + size + "'}");

        assertEquals(400, refusal.status());
        assertEquals("image_generation_user_error", refusal.type());
        assertEquals("size", refusal.param());
        assertEquals("invalid_value", refusal.code());
    }

    private static Refusal refusal(String body) {
        return assertThrows(Refusal.class, () -> read(body));
    }

    /** Reads JSON with single quotes. */
    private static GenerationRequest read(String body) throws Exception {
        return GenerationRequest.read(new ByteArrayInputStream(body.replace('\'', '"').getBytes(UTF_8)));
    }
}
