package dev.imagerelay.adapters.upstream.sample;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** Answers the links that were handed out. The pictures are drawn anew, only their recipes are kept. */
final class Pictures {
    private final Studio studio;
    private final RecentRecipes recent;

    Pictures(Studio studio, RecentRecipes recent) {
        this.studio = studio;
        this.recent = recent;
    }

    void answer(HttpExchange exchange) throws IOException, InterruptedException, Refusal {
        String path = exchange.getRequestURI().getPath();
        Recipe recipe = recent.find(path).orElseThrow(() -> Refusal.unknownPath("GET", path));
        byte[] png = studio.png(recipe);
        exchange.getResponseHeaders().set("Content-Type", "image/png");
        exchange.sendResponseHeaders(200, png.length);
        exchange.getResponseBody().write(png);
        exchange.close();
    }
}
