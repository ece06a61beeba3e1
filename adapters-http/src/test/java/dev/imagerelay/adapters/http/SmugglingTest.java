package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of which a proxy in front may see other ends than this server does: each is refused and its connection
 * closed, so that whatever follows it is never taken for a request of its own.
 */
@Timeout(60)
class SmugglingTest {

    private static final String SMUGGLED = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private static TestGateway gateway;
    private static final AtomicInteger orders = new AtomicInteger();

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        gateway.upstream = (id, route, order, body, previews) -> {
            orders.incrementAndGet();
            return TestGateway.images("{\"created\":1}");
        };
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void countAnew() {
        orders.set(0);
    }

    /** An order with these header lines, each with its line end, and what comes behind its head. */
    private static String order(String headers, String behind) {
        return "POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + gateway.key
                + "\r\nContent-Type: application/json\r\n" + headers + "\r\n" + behind;
    }

    private static String chunked(String body) {
        return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
    }

    private static int answers(String came) {
        return came.split("HTTP/1\\.1 \\d", -1).length - 1;
    }

    private static String send(String request) throws IOException {
        return gateway.raw(request.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0")
                .replace("\\v", "\u000b"));
    }

    @Test
    void ofTwoPlainRequestsEachIsAnswered() throws Exception {
        String body = TestGateway.ORDER;

        String framed = gateway.raw(order("Content-Length: " + body.length() + "\r\n", body) + SMUGGLED);
        String chunks = gateway.raw(order("Transfer-Encoding: chunked\r\n", chunked(body)) + SMUGGLED);

        assertEquals(2, answers(framed), framed);
        assertEquals(2, answers(chunks), chunks);
        assertEquals(2, orders.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: LEN\\r\\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\\r\\nContent-Length: LEN",
        "Content-Length: 0\\r\\nTransfer-Encoding: chunked",
        "Content-Length: LEN\\r\\nContent-Length: LEN",
        "Content-Length: LEN\\r\\nContent-Length: 0",
        "Content-Length: 0\\r\\nContent-Length: LEN",
        "Content-Length: LEN, LEN",
        "Content-Length: LEN, 0",
        "Content-Length: +LEN",
        "Content-Length: -1",
        "Content-Length: 0x10",
        "Content-Length: LENabc",
        "Content-Length: LEN 5",
        "Content-Length: ",
        "Content-Length: 99999999999999999999",
        "Content-Length: 1e1",
        "Content-Length : LEN",
        "Content-Length\\t: LEN",
        " Content-Length: LEN",
        "X: y\\r\\n Content-Length: LEN",
        "X: y\\r\\n\\tTransfer-Encoding: chunked",
        "Content-Length:\\r\\n LEN",
        "Content-Length: LEN\\0",
        "Content-Length: LEN\\v",
        "Content\\0-Length: LEN",
        "Content-Length\\v: LEN",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunkedx",
        "Transfer-Encoding: 'chunked'",
        "Transfer-Encoding: x\\r\\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\\r\\nTransfer-Encoding: identity",
        "Transfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding\\t: chunked",
        " Transfer-Encoding: chunked",
        "Transfer-Encoding:\\r\\n chunked",
        "Transfer-Encoding: \\vchunked",
        "Transfer-Encoding: chunked\\0",
        "Transfer-Encoding: \\0chunked",
        "Transfer\\r-Encoding: chunked",
        "X: y\\rTransfer-Encoding: chunked",
        ": chunked",
        "no colon at all"
    })
    void aHeadThatCanBeReadInTwoWaysEndsTheConnection(String header) throws Exception {
        String body = TestGateway.ORDER;
        String headers = header.replace("LEN", String.valueOf(body.length())) + "\r\n";

        for (String behind : new String[] {body + SMUGGLED, chunked(body) + SMUGGLED, "0\r\n\r\n" + SMUGGLED}) {
            String came = send(order(headers, behind));

            assertEquals(1, answers(came), came);
            assertTrue(came.matches("(?s)HTTP/1.1 (400|501) .*"), came);
        }
        assertEquals(0, orders.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0x4\\r\\n{\\\"a\\r\\n",
        "+4\\r\\n{\\\"a\\r\\n", "-4\\r\\n{\\\"a\\r\\n", " 4\\r\\n{\\\"a\\r\\n", "g\\r\\n", "\\r\\n",
        "4 4\\r\\n{\\\"ab\\r\\n",
        "fffffffffffffffff\\r\\n", "4\\n{\\\"ab\\n0\\n\\n", "4\\r{\\\"ab\\r0\\r\\r",
        "2\\r\\n{}0\\r\\n\\r\\n", "2\\r\\n{}x\\r\\n0\\r\\n\\r\\n", "2\\r\\n{}\\r\\n0\\r\\nX: y\\r\\n z\\r\\n\\r\\n",
        "2\\r\\n{}\\r\\n0\\r\\n X: y\\r\\n\\r\\n"
    })
    void aChunkThatCanBeReadInTwoWaysEndsTheConnection(String chunk) throws Exception {
        String came = send(order("Transfer-Encoding: chunked\r\n", chunk + SMUGGLED));

        assertEquals(1, answers(came), came);
        assertTrue(came.startsWith("HTTP/1.1 400 "), came);
        assertEquals(0, orders.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET /health/live HTTP/1.1\\nHost: x\\n\\n",
        "GET /health/live HTTP/1.1\\rHost: x\\r\\r",
        "GET /health/live HTTP/1.1\\r\\nHost: x\\nX: y\\r\\n\\r\\n",
        "GET\\t/health/live\\tHTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
        "GET /health/live HTTP/1.1 \\r\\nHost: x\\r\\n\\r\\n",
        "GET /health/live HTTP/1.1\\r\\n Host: x\\r\\n\\r\\n",
        "GET /health/live HTTP/1.1\\r\\nHost: x\\r\\nHost: y\\r\\n\\r\\n",
        "GET /health/live HTTP/1.1\\r\\nHost: x y\\r\\n\\r\\n",
        "GET /health/live HTTP/1.1\\r\\nHost : x\\r\\n\\r\\n",
        "GET /health/live\\r\\nHost: x\\r\\n\\r\\n",
        "GET /health/live HTTP/1.2\\r\\nHost: x\\r\\n\\r\\n",
        "GET /health/live HTTP/2.0\\r\\nHost: x\\r\\n\\r\\n",
        "PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n"
    })
    void aRequestLineThatCanBeReadInTwoWaysEndsTheConnection(String request) throws Exception {
        String came = send(request + SMUGGLED);

        assertEquals(1, answers(came), came);
        assertTrue(came.matches("(?s)HTTP/1.1 (400|426|505) .*"), came);
    }

    @Test
    void aHostMayHaveAnUnderscoreAsThoseOfContainersDo() throws Exception {
        String came = gateway.raw(SMUGGLED.replace("Host: x", "Host: image_relay:8080"));

        assertTrue(came.startsWith("HTTP/1.1 200 "), came);
    }

    @Test
    void headersWithoutEndAreNotTakenIn() throws Exception {
        String came = gateway.raw(order("X: " + "y".repeat(17_000) + "\r\n", SMUGGLED));
        String many = gateway.raw(order("X: y\r\n".repeat(3_000), SMUGGLED));

        for (String answer : new String[] {came, many}) {
            assertEquals(1, answers(answer), answer);
            assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
        }
        assertFalse(came.contains("yyyy"), came);
    }
}
