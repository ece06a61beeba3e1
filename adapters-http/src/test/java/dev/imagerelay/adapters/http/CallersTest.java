package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in: exactly those who present one working key as a bearer token, on every route but the public ones. */
class CallersTest {

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer KEY", "bearer KEY", "BEARER  KEY", "Bearer KEY "})
    void aWorkingKeyIsLetIn(String authorization) throws Exception {
        assertEquals(200, send(authorization.replace("KEY", gateway.key)).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "Bearer", "Bearer ", "KEY", "Basic KEY", "Token KEY", "Bearer:KEY", "Bearer KEY more", "Bearer\u00a0KEY"
    })
    void whatIsNoBearerKeyIsToldHowToSendOne(String authorization) throws Exception {
        JsonNode error = unauthorized(send(authorization.replace("KEY", gateway.key)));

        assertTrue(error.get("code").isNull());
        assertTrue(error.get("message").textValue().contains("'Authorization: Bearer YOUR_KEY'"));
    }

    @Test
    void noKeyIsToldHowToSendOne() throws Exception {
        JsonNode error = unauthorized(gateway.send(gateway.to("/v1/models")));

        assertTrue(error.get("code").isNull());
        assertTrue(error.get("message").textValue().contains("'Authorization: Bearer YOUR_KEY'"));
    }

    @Test
    void twoKeysAreNone() throws Exception {
        String bearer = "Bearer " + gateway.key;

        unauthorized(gateway.send(
                gateway.to("/v1/models").header("Authorization", bearer).header("Authorization", bearer)));
    }

    @Test
    void anUnknownKeyIsRefusedAndNotRepeated() throws Exception {
        String key = gateway.key.substring(0, gateway.key.length() - 1) + "-";

        HttpResponse<String> response = send("Bearer " + key);

        assertEquals("invalid_api_key", unauthorized(response).get("code").textValue());
        assertFalse(response.body().contains(key.substring(0, 17)), response.body());
    }

    @Test
    void aRevokedKeyIsRefusedLikeAnUnknownOne() throws Exception {
        String key = gateway.administration.issueKey(gateway.account).orElseThrow().secret().reveal();
        assertEquals(200, send("Bearer " + key).statusCode());
        gateway.administration.revokeKey(key.substring(0, 17));

        HttpResponse<String> revoked = send("Bearer " + key);

        assertEquals("invalid_api_key", unauthorized(revoked).get("code").textValue());
        assertEquals(send("Bearer unknown").body(), revoked.body());
    }

    @Test
    void everyRouteOfACallersNeedsAKey() throws Exception {
        for (String path : List.of(
                "/v1/models", "/v1/models/gpt-image-2", "/v1/models/none", "/api/ai/models", "/api/ai/models/none",
                "/api/ai/credits", "/api/ai/credits/entries", "/api/ai/credits/entries?limit=x", "/api/ai/credits/grants", "/api/ai/credits/usage",
                "/v1/images/results/none", "/api/ai/images/results/none")) {
            unauthorized(gateway.send(gateway.to(path)));
        }
        for (String path : List.of(
                "/v1/images/generations", "/api/ai/images/generations", "/v1/images/generations/quote",
                "/api/ai/images/generations/quote")) {
            unauthorized(gateway.send(gateway.to(path).POST(HttpRequest.BodyPublishers.ofString("no JSON"))));
        }
    }

    @Test
    void thePublicRoutesNeedNone() throws Exception {
        for (String path : List.of("/", "/credits", "/api/ai/models/image/generation", "/health/live", "/health/ready")) {
            assertEquals(200, gateway.send(gateway.to(path)).statusCode());
        }
    }

    @Test
    void theKeyIsAskedForBeforeTheBodyIsRead() throws Exception {
        String answer = gateway.raw("POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
    }

    private static HttpResponse<String> send(String authorization) throws Exception {
        return gateway.send(gateway.to("/v1/models").header("Authorization", authorization));
    }

    private static JsonNode unauthorized(HttpResponse<String> response) throws Exception {
        assertEquals(401, response.statusCode());
        assertEquals(
                "Bearer realm=\"Image Relay\"", response.headers().firstValue("WWW-Authenticate").orElseThrow());
        JsonNode error = TestGateway.json(response).get("error");
        assertEquals("invalid_request_error", error.get("type").textValue());
        assertTrue(error.get("param").isNull());
        return error;
    }
}
