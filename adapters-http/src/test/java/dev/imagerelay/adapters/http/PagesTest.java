package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages are served as browsers want them, and nothing but the pages is. */
class PagesTest {

    private static final TestGateway gateway = TestGateway.start();

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html", "/credits, text/html", "/console/console.css, text/css", "/console/icon.svg, image/svg+xml",
        "/console/console.js, text/javascript", "/console/playground.js, text/javascript"
    })
    void everyFileHasItsTypeAndMayLoadNothingFromElsewhere(String path, String type) throws Exception {
        HttpResponse<String> response = gateway.send(gateway.to(path));

        assertEquals(200, response.statusCode());
        assertTrue(header(response, "Content-Type").startsWith(type), header(response, "Content-Type"));
        assertEquals("nosniff", header(response, "X-Content-Type-Options"));
        assertEquals("no-referrer", header(response, "Referrer-Policy"));
        String policy = header(response, "Content-Security-Policy");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
        assertFalse(policy.contains("unsafe"), policy);
    }

    @Test
    void whatABrowserHasAlreadyIsNotSentAgain() throws Exception {
        HttpResponse<String> first = gateway.send(gateway.to("/console/console.css"));
        String tag = header(first, "ETag");

        HttpResponse<String> second =
                gateway.send(gateway.to("/console/console.css").header("If-None-Match", tag));
        HttpResponse<String> changed =
                gateway.send(gateway.to("/console/console.css").header("If-None-Match", "\"older\""));

        assertEquals("no-cache", header(first, "Cache-Control"));
        assertEquals(304, second.statusCode());
        assertEquals("", second.body());
        assertEquals(tag, header(second, "ETag"));
        assertEquals(200, changed.statusCode());
        assertEquals(first.body(), changed.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/console", "/console/", "/console/none.js", "/console/playground.html", "/console/../Pages.class",
        "/console/%2e%2e/Pages.class", "/console/..%2FPages.class", "/console//console.css"
    })
    void nothingElseIsServed(String path) throws Exception {
        String answer = gateway.raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertTrue(answer.matches("(?s)HTTP/1.1 40[04] .*"), answer);
    }

    @Test
    void aPageIsReadOnly() throws Exception {
        String answer = gateway.raw("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("missing");
    }
}
