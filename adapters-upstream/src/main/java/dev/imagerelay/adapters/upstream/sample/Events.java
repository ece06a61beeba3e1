package dev.imagerelay.adapters.upstream.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.InstantSource;

/** An answer told in events, each sent at once. Nothing is sent before the first: until then it can become an error. */
final class Events {
    private final HttpExchange exchange;
    private final InstantSource time;
    private final JsonGenerator json;

    Events(HttpExchange exchange, InstantSource time) throws IOException {
        this.exchange = exchange;
        this.time = time;
        this.json = Json.linesTo(exchange.getResponseBody());
    }

    /** Shows the preview of this index, from 0, of a picture. */
    void partialImage(Recipe recipe, int index, byte[] png) throws IOException {
        open("image_generation.partial_image");
        json.writeNumberField("partial_image_index", index);
        writePicture(png);
        writeLook(recipe);
        close();
    }

    void completed(Recipe recipe, byte[] png, Usage usage) throws IOException {
        open("image_generation.completed");
        writePicture(png);
        usage.write(json);
        writeLook(recipe);
        close();
    }

    /** Ends the answer in good order. */
    void end() throws IOException {
        json.close();
    }

    private void open(String type) throws IOException {
        if (exchange.getResponseCode() == -1) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
        }
        json.writeRaw("event: " + type + "\ndata: ");
        json.writeStartObject();
        json.writeStringField("type", type);
    }

    private void writePicture(byte[] png) throws IOException {
        json.writeBinaryField("b64_json", png);
        json.writeNumberField("created_at", time.instant().getEpochSecond());
    }

    private void writeLook(Recipe recipe) throws IOException {
        json.writeStringField("size", recipe.size());
        json.writeStringField("quality", recipe.quality().wireName());
        json.writeStringField("background", "opaque");
        json.writeStringField("output_format", "png");
    }

    private void close() throws IOException {
        json.writeEndObject();
        json.writeRaw("\n\n");
        json.flush();
    }
}
