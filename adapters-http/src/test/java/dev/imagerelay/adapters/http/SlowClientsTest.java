package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sends a byte now and then is given up all the same, and harms nobody meanwhile; a clock is moved by hand. */
@Timeout(60)
class SlowClientsTest {

    private static final String GENERATIONS = "/v1/images/generations";
    private static final Duration TOO_LONG = Duration.ofSeconds(21);

    private final TestGateway gateway = TestGateway.start();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Socket begun(String begin) throws IOException {
        Socket socket = new Socket("127.0.0.1", gateway.server.port());
        socket.setSoTimeout(20_000);
        send(socket, begin);
        return socket;
    }

    private static void send(Socket socket, String more) throws IOException {
        socket.getOutputStream().write(more.getBytes(StandardCharsets.US_ASCII));
    }

    private static String rest(Socket socket) throws IOException {
        try (socket) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            return ""; // cut off
        }
    }

    @Test
    void twoHundredSlowHeadsHarmNobodyAndAreGivenUp() throws Exception {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            slow.add(begun("GET /health/live HTTP/1.1\r\nHost: x\r\nA: "));
        }
        assertGood();
        gateway.time.pass(TOO_LONG);
        for (Socket socket : slow) {
            send(socket, "a");
        }
        for (Socket socket : slow) {
            String answer = rest(socket);
            assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
        }
        assertGood();
    }

    @Test
    void theNextHeadOnAConnectionIsTimedAnewAndNotTheSilenceBetween() throws Exception {
        try (Socket socket = begun("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")) {
            byte[] answer = new byte[1];
            assertEquals(1, socket.getInputStream().read(answer));
            gateway.time.pass(TOO_LONG);
            send(socket, "GET /health/live HTTP/1.1\r\nHost: x\r\n");
            send(socket, "Connection: close\r\n\r\n");

            assertEquals(2, (new String(answer, StandardCharsets.US_ASCII) + rest(socket)).split("\"ok\"").length - 1);
        }
    }

    @Test
    void aBodyMayTakeLongerThanAHead() throws Exception {
        String order = TestGateway.ORDER + " ".repeat(100_000);
        try (Socket socket = begun(head("Content-Length: " + order.length()) + order.substring(0, 90_000))) {
            while (gateway.server.inFlight() < 1) {
                Thread.onSpinWait();
            }
            gateway.time.pass(TOO_LONG);
            send(socket, order.substring(90_000));

            String answer = rest(socket);
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 1000\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        "Content-Length: 300000\r\n\r\n{"
    })
    void aBodyThatTricklesIsGivenUpAndNothingIsHeld(String lengthAndBegin) throws Exception {
        try (Socket socket = begun(head(lengthAndBegin))) {
            while (socket.getInputStream().available() == 0) {
                gateway.time.pass(TOO_LONG);
                send(socket, lengthAndBegin.contains("chunked") ? "1\r\n \r\n" : " ");
                Thread.sleep(5);
            }

            String answer = rest(socket);
            assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
            assertTrue(answer.contains("The body came too slowly."), answer);
        }
        assertEquals(0, gateway.ledger.held(10).size());
        assertGood();
    }

    private String head(String lengthAndBegin) {
        String end = lengthAndBegin.contains("\r\n\r\n") ? "" : "\r\n\r\n";
        return "POST " + GENERATIONS + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + gateway.key + "\r\nContent-Type: application/json\r\n" + lengthAndBegin + end;
    }

    private void assertGood() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertEquals(200, gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER)).statusCode());
        }
    }
}
