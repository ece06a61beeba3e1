package dev.imagerelay.adapters.upstream.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;

/** Which path leads where, and how everything that goes wrong is answered. */
final class Routes implements HttpHandler {
    private final Generations generations;
    private final Pictures pictures;

    Routes(Generations generations, Pictures pictures) {
        this.generations = generations;
        this.pictures = pictures;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            route(exchange);
        } catch (Refusal refusal) {
            refuse(exchange, refusal);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The sample upstream is closing");
        } catch (RuntimeException | Error failure) {
            breakOff(exchange, failure);
        }
    }

    private void route(HttpExchange exchange) throws IOException, InterruptedException, Refusal {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/v1/images/generations")) {
            allowOnly("POST", exchange);
            generations.answer(exchange);
        } else if (path.startsWith("/images/")) {
            allowOnly("GET", exchange);
            pictures.answer(exchange);
        } else {
            throw Refusal.unknownPath(exchange.getRequestMethod(), path);
        }
    }

    private static void allowOnly(String method, HttpExchange exchange) throws Refusal {
        if (!exchange.getRequestMethod().equals(method)) {
            exchange.getResponseHeaders().set("Allow", method);
            throw Refusal.wrongMethod(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
        }
    }

    private static void breakOff(HttpExchange exchange, Throwable failure) throws IOException {
        boolean begun = exchange.getResponseCode() != -1;
        if (begun) {
            throw new IOException("Broken off in the middle of an answer", failure);
        }
        refuse(exchange, Refusal.broken());
    }

    private static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
        byte[] body = body(refusal);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        boolean bodiless = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(refusal.status(), bodiless ? -1 : body.length);
        if (!bodiless) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static byte[] body(Refusal refusal) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.to(body)) {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("message", refusal.getMessage());
            json.writeStringField("type", refusal.type());
            json.writeStringField("param", refusal.param());
            json.writeStringField("code", refusal.code());
            json.writeEndObject();
            json.writeEndObject();
        }
        return body.toByteArray();
    }
}
