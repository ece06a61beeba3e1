package dev.imagerelay.adapters.upstream.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Answers generations the way OpenAI does: after a while, all pictures in one JSON object, or event by event. */
final class Generations {
    private final Duration delay;
    private final Pace pace;
    private final InstantSource time;
    private final Studio studio;
    private final RecentRecipes recent;

    Generations(Duration delay, Pace pace, InstantSource time, Studio studio, RecentRecipes recent) {
        this.delay = delay;
        this.pace = pace;
        this.time = time;
        this.studio = studio;
        this.recent = recent;
    }

    void answer(HttpExchange exchange) throws IOException, InterruptedException, Refusal {
        GenerationRequest request = GenerationRequest.read(exchange.getRequestBody());
        if (request.previews().isPresent()) {
            stream(request.recipes(), request.previews().get(), new Events(exchange, time));
        } else {
            answerAtOnce(request, exchange);
        }
    }

    /** One picture after the other, the delay spread evenly over the events. Each is drawn only when its turn comes. */
    private void stream(List<Recipe> recipes, int previews, Events events) throws IOException, InterruptedException {
        Duration pause = delay.dividedBy(recipes.size() * (previews + 1L));
        for (Recipe recipe : recipes) {
            for (int index = 0; index < previews; index++) {
                pace.pass(pause);
                events.partialImage(recipe, index, studio.preview(recipe, previews - index));
            }
            pace.pass(pause);
            events.completed(recipe, studio.png(recipe), Usage.of(recipe, 1, previews));
        }
        events.end();
    }

    private void answerAtOnce(GenerationRequest request, HttpExchange exchange)
            throws IOException, InterruptedException {
        pace.pass(delay);
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
        json.writeStringField("size", first.size());
        Usage.of(first, request.recipes().size(), 0).write(json);
        json.writeEndObject();
    }

    private static String host(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host != null ? host : SampleUpstream.HOST + ":" + exchange.getLocalAddress().getPort();
    }
}
