package dev.imagerelay.adapters.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pages of one listener with their scripts and styles: files below {@code console/} on the class path, which are
 * read when it starts. Nothing else can be had by any name. A page may load from here and ask here, and nowhere else.
 */
final class Pages {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data: blob:; connect-src 'self'; form-action 'none'; base-uri 'none';"
            + " frame-ancestors 'none'; require-trusted-types-for 'script'";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, Page> pages = new LinkedHashMap<>();

    /** Serves that file at that path. */
    Pages page(String path, String file) {
        pages.put(path, Page.read(file));
        return this;
    }

    /** Serves each of these files at {@code /console/} and its name. */
    Pages files(String... files) {
        Arrays.stream(files).forEach(file -> page("/console/" + file, file));
        return this;
    }

    void addTo(RoutesConfig routes) {
        pages.forEach((path, page) -> {
            Handler handler = ctx -> page.send(ctx);
            Routes.getOrHead(routes, path, handler);
        });
    }

    /** One file, and the tag that changes when it does. */
    private record Page(String type, byte[] bytes, String tag) {

        static Page read(String file) {
            String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
            if (type == null) {
                throw new IllegalArgumentException("nobody knows what type " + file + " has");
            }
            try (InputStream in = Pages.class.getResourceAsStream("console/" + file)) {
                if (in == null) {
                    throw new IllegalArgumentException("there is no console/" + file);
                }
                byte[] bytes = in.readAllBytes();
                return new Page(type, bytes, tag(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String tag(byte[] bytes) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                return '"' + HexFormat.of().formatHex(digest, 0, 8) + '"';
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JVM has SHA-256", e);
            }
        }

        void send(Context ctx) throws IOException {
            HttpServletResponse response = ctx.res();
            response.setHeader("ETag", tag);
            response.setHeader("Cache-Control", "no-cache"); // kept, but asked about: a new version shows at once
            response.setHeader("Content-Security-Policy", POLICY);
            response.setHeader("Referrer-Policy", "no-referrer");
            if (tag.equals(ctx.req().getHeader("If-None-Match"))) {
                response.setStatus(304);
                return;
            }
            response.setContentType(type);
            response.setContentLength(bytes.length);
            response.getOutputStream().write(bytes);
        }
    }
}
