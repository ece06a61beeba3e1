package dev.imagerelay.adapters.upstream.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;

/** Answers generations the way OpenAI does: after a while, all pictures in one JSON object. */
final class Generations {
    private final Duration delay;
    private final InstantSource time;
    private final Studio studio;
    private final RecentRecipes recent;

    Generations(Duration delay, InstantSource time, Studio studio, RecentRecipes recent) {
        this.delay = delay;
        this.time = time;
        this.studio = studio;
        this.recent = recent;
    }

    void answer(HttpExchange exchange) throws IOException, InterruptedException, Refusal {
        GenerationRequest request = GenerationRequest.read(exchange.getRequestBody());
        Thread.sleep(delay.toMillis());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        JsonGenerator json = Json.to(exchange.getResponseBody());
        write(request, host(exchange), json);
        // Not closed when writing failed: that would end a half answer as if it were whole.
        json.close();
    }

    private void write(GenerationRequest request, String host, JsonGenerator json)
            throws IOException, InterruptedException {
        Recipe first = request.recipes().get(0);
        json.writeStartObject();
        json.writeNumberField("created", time.instant().getEpochSecond());
        json.writeStringField("background", "opaque");
        json.writeArrayFieldStart("data");
        for (Recipe recipe : request.recipes()) {
            json.writeStartObject();
            if (request.links()) {
                json.writeStringField("url", "http://" + host + recent.keep(recipe));
            } else {
                json.writeBinaryField("b64_json", studio.png(recipe));
            }
            json.writeStringField("revised_prompt", recipe.prompt() + ", with " + Scene.of(recipe).description());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("output_format", "png");
        json.writeStringField("quality", first.quality().wireName());
        json.writeStringField("size", first.width() + "x" + first.height());
        writeUsage(request, json);
        json.writeEndObject();
    }

    private static void writeUsage(GenerationRequest request, JsonGenerator json) throws IOException {
        Recipe first = request.recipes().get(0);
        long input = 1 + first.prompt().length() / 4;
        long output = first.quality().tokens(first.width(), first.height()) * request.recipes().size();
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input_tokens", input);
        json.writeObjectFieldStart("input_tokens_details");
        json.writeNumberField("image_tokens", 0);
        json.writeNumberField("text_tokens", input);
        json.writeEndObject();
        json.writeNumberField("output_tokens", output);
        json.writeNumberField("total_tokens", input + output);
        json.writeEndObject();
    }

    private static String host(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host != null ? host : SampleUpstream.HOST + ":" + exchange.getLocalAddress().getPort();
    }
}
