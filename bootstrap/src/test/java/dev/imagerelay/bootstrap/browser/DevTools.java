package dev.imagerelay.bootstrap.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** One connection to a browser: commands with their answers, and events by session. */
final class DevTools implements WebSocket.Listener {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 20;

    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<String, JsonNode>> listeners = new ConcurrentHashMap<>();
    private final StringBuilder message = new StringBuilder();
    private final WebSocket socket;

    DevTools(URI address) {
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, this)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    static ObjectNode parameters() {
        return MAPPER.createObjectNode();
    }

    /** From now on that listener hears the names and parameters of a session's events. */
    void listen(String session, BiConsumer<String, JsonNode> listener) {
        listeners.put(session, listener);
    }

    /** Does something in a session, or, with null for one, in the browser, and returns what came of it. */
    JsonNode call(String session, String method, ObjectNode parameters) {
        int number = numbers.incrementAndGet();
        ObjectNode command = parameters().put("id", number).put("method", method);
        command.set("params", parameters);
        if (session != null) {
            command.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(number, answer);
        synchronized (socket) {
            socket.sendText(command.toString(), true).join();
        }
        JsonNode answered = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (answered.has("error")) {
            throw new IllegalStateException(method + ": " + answered.get("error"));
        }
        return answered.get("result");
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        message.append(part);
        if (last) {
            String whole = message.toString();
            message.setLength(0);
            take(whole);
        }
        from.request(1);
        return null;
    }

    private void take(String text) {
        try {
            JsonNode json = MAPPER.readTree(text);
            if (json.has("id")) {
                asked.remove(json.get("id").asInt()).complete(json);
            } else {
                BiConsumer<String, JsonNode> listener = listeners.get(json.path("sessionId").asText());
                if (listener != null) {
                    listener.accept(json.get("method").asText(), json.get("params"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close() {
        socket.abort();
    }
}
