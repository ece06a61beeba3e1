package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a caller or an upstream writes into a line, the next line of a head or of the log is ours. */
@Timeout(60)
class InjectionTest {

    private static final String EVIL = "\\r\\nx-evil: 1\\r\\n\\r\\n<html>\\u000a2026 ERROR evil\\u0000\\u2028";

    private final TestGateway gateway = TestGateway.start();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static void assertOurs(String answer) {
        String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
        assertFalse(head.toLowerCase(Locale.ROOT).contains("x-evil"), head);
    }

    private String raw(String path, String headers, String body) throws Exception {
        return gateway.raw("POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + gateway.key + "\r\nContent-Type: application/json\r\n" + headers
                + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "prompt", "size", "quality", "style", "user", "EVIL"})
    void aMemberOfAnOrderEndsNoLine(String member) throws Exception {
        String order = member.equals("EVIL")
                ? TestGateway.ORDER.replaceFirst("\\{", "{\"" + EVIL.replace("\\", "\\\\") + "\":1,")
                : "{" + ("\"" + member + "\":\"" + EVIL + "\",")
                        + TestGateway.ORDER.substring(1).replaceFirst("\"" + member + "\":\"[^\"]*\",?", "")
                                .replace(",}", "}");

        String logged = CapturedLog.during(() -> {
            for (String path : List.of("/v1/images/generations", "/v1/images/generations/quote")) {
                String answer = raw(path, "", order);

                assertTrue(answer.matches("(?s)HTTP/1.1 (200|400) .*"), answer);
                assertOurs(answer);
                assertTrue(answer.matches("(?s).*\r\n\r\n\\{.*}"), answer);
            }
        });
        assertFalse(logged.contains("evil"), logged);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Idempotency-Key: a\rx-evil: 1\r\n", "x-max-credits: 1\rx-evil: 1\r\n",
        "X-Stainless-Retry-Count: 1\rx-evil: 1\r\n",
        "x-request-id: a\rx-evil: 1\r\n", "Origin: https://a\rx-evil: 1\r\n", "Idempotency-Key: a\u0000b\r\n",
        "Authorization\r: x\r\n"
    })
    void aHeaderWithALineEndInItIsRefusedWhole(String header) throws Exception {
        String answer = raw("/v1/images/generations", header, TestGateway.ORDER);

        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertOurs(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/v1/models/x%0d%0ax-evil:%201", "/v1/images/results/x%0d%0ax-evil:%201", "/v1/x%0d%0ax-evil:%201",
        "/api/ai/credits/entries?limit=x%0d%0ax-evil:%201"
    })
    void aLineEndInAPathEndsNoLine(String path) throws Exception {
        String logged = CapturedLog.during(() -> {
            String answer = gateway.raw("GET " + path
                    + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + gateway.key
                    + "\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertOurs(answer);
        });
        assertFalse(logged.contains("evil"), logged);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "application/json\r\nx-evil: 1", "application/json\nx-evil: 1", "application/json\rx-evil: 1"
    })
    void aContentTypeWithALineEndInItNeverBecomesTwoHeaders(String type) throws Exception {
        gateway.upstream = (id, route, order, body, previews) ->
                new UpstreamReply.Images(new Typed(type), Delivery.of(1));

        CapturedLog.during(() -> {
            HttpResponse<String> answer =
                    gateway.send(gateway.post("/v1/images/generations", TestGateway.ORDER));
            assertTrue(answer.headers().firstValue("x-evil").isEmpty(), answer.headers().toString());
        });
    }

    /** Two bytes, said to be of some type. */
    private record Typed(String contentType) implements ReplyBody {

        @Override
        public long length() {
            return 2;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(new byte[] {'{', '}'});
        }

        @Override
        public void close() {}
    }
}
