package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client sends reaches the upstream, and what the upstream answers reaches the client, byte for byte. */
class BytesSurviveTest {

    private static final String ODD_ANSWER = """
            {
               "zebra" : [ 1e3, 12345678901234567890123, -0.10, {"deep":{"er":null}} ],
               "data":[ {"revised_prompt":"caf\\u00e9 \\ud83d\\ude00 \\/",
                         "b64_json" : "aGVsbG8=" , "b64_json_2":""} ],
               "usage": {"total_tokens":  7},
               "unknown\\u0020member": "ü€😀",
               "created":1}

            """;

    @Test
    void anOddAnswerArrivesAsItWasSent() throws Exception {
        byte[] answer = ODD_ANSWER.getBytes(StandardCharsets.UTF_8);
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, ODD_ANSWER));
                RunningRelay relay = RunningRelay.on(upstream, "10")) {
            HttpResponse<byte[]> response =
                    relay.generate("{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"size\":\"1024x1024\"}");

            assertEquals(200, response.statusCode());
            assertArrayEquals(answer, response.body());
            assertEquals(RunningRelay.credits("9"), relay.balance());
        }
    }

    @Test
    void unknownMembersReachTheUpstreamUnchanged() throws Exception {
        String request = "{ \"foo\" : {\"b\":[1.50, null, {\"ä\":\"\\u00e9😀\"}]},\n\t\"svg\":null,"
                + "\"prompt\":\"ünïcode 😀 \\\"model\\\": \", \"model\" :\"gpt-image-2\", \"n\":1,"
                + " \"complexity\":\"high\",\"size\":\"auto\"}  \n";
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, ODD_ANSWER));
                RunningRelay relay = RunningRelay.on(upstream, "10")) {
            assertEquals(200, relay.generate(request).statusCode());

            assertEquals(request, new String(upstream.requests().get(0).body(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void onlyTheValueOfModelChangesWhereTheUpstreamKnowsAnotherName(@TempDir Path directory) throws Exception {
        Path catalogue = Files.writeString(directory.resolve("catalogue.yaml"), """
                models:
                  - name: poster
                    label: Poster
                    sizes: [1024x1024]
                    routes: [{upstream: press, model: "press/poster \\"v2\\""}]
                    pricing: [{size: 1024x1024, price: 1}]
                """);
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, ODD_ANSWER));
                RunningRelay relay = new RunningRelay(
                        List.of(RunningRelay.settings("press", upstream.baseUrl())), Optional.of(catalogue), "10")) {
            String request = "{\"prompt\":\"my model: \\\"poster\\\"\",\"model\":\"poster\",\"other\":\"poster\"}";

            assertEquals(200, relay.generate(request).statusCode());

            assertEquals(
                    "{\"prompt\":\"my model: \\\"poster\\\"\",\"model\":\"press/poster \\\"v2\\\"\","
                            + "\"other\":\"poster\"}",
                    new String(upstream.requests().get(0).body(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void sixtyFourMebibytesArriveAsTheyWereSent() throws Exception {
        byte[] head = "{\"created\":1,\"data\":[{\"b64_json\":\"".getBytes(StandardCharsets.UTF_8);
        byte[] chunk = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5"
                .repeat(1024)
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = "\"}]}".getBytes(StandardCharsets.UTF_8);
        int chunks = (64 << 20) / chunk.length;
        MessageDigest sent = sha256();
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(wire -> {
                    long length = head.length + (long) chunks * chunk.length + tail.length;
                    wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + length
                            + "\r\n\r\n");
                    wire.send(head);
                    sent.update(head);
                    for (int i = 0; i < chunks; i++) {
                        wire.send(chunk);
                        sent.update(chunk);
                    }
                    sent.update(tail);
                    wire.send(tail);
                });
                RunningRelay relay = RunningRelay.on(upstream, "10")) {
            HttpResponse<InputStream> response = HttpClient.newHttpClient()
                    .send(
                            relay.request("/v1/images/generations", "{\"model\":\"gpt-image-2\",\"prompt\":\"x\"}")
                                    .build(),
                            BodyHandlers.ofInputStream());

            byte[] received = digest(response.body());
            assertEquals(200, response.statusCode());
            assertArrayEquals(sent.digest(), received);
        }
    }

    private static byte[] digest(InputStream body) {
        try (body) {
            MessageDigest digest = sha256();
            byte[] buffer = new byte[64 << 10];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return digest.digest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
