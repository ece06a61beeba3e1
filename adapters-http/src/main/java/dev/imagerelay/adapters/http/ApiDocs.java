package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.javalin.config.RoutesConfig;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * What one listener can be asked: its OpenAPI document in YAML and in JSON, and a page for people that shows it, with
 * nothing from elsewhere. Nobody needs a key for that, as it says nothing of any one gateway.
 */
final class ApiDocs {

    /** All that Swagger UI needs, whose icons are {@code data:}. It cannot do with trusted types alone. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private static final String UI = "swagger-ui";

    private final String yaml;
    private byte[] json;

    /** The document is a file beside this class. */
    ApiDocs(String yaml) {
        this.yaml = yaml;
    }

    void addTo(RoutesConfig routes) {
        add(routes, "/openapi.yaml", "application/yaml", () -> file(yaml));
        add(routes, "/openapi.json", "application/json", this::json);
        page(routes, "/docs", "text/html; charset=utf-8", () -> file("docs/docs.html"));
        page(routes, "/docs/docs.js", "text/javascript; charset=utf-8", () -> file("docs/docs.js"));
        page(routes, "/docs/swagger-ui.css", "text/css; charset=utf-8", () -> ui("swagger-ui.css"));
        page(routes, "/docs/swagger-ui-bundle.js", "text/javascript; charset=utf-8", () -> ui("swagger-ui-bundle.js"));
    }

    private static void page(RoutesConfig routes, String path, String type, Content content) {
        Routes.getOrHead(routes, path, ctx -> {
            HttpServletResponse response = ctx.res();
            response.setHeader("Content-Security-Policy", POLICY);
            response.setHeader("Referrer-Policy", "no-referrer");
            response.setHeader("Cache-Control", "max-age=3600");
            send(response, type, content);
        });
    }

    private static void add(RoutesConfig routes, String path, String type, Content content) {
        Routes.getOrHead(routes, path, ctx -> send(ctx.res(), type, content));
    }

    private static void send(HttpServletResponse response, String type, Content content) throws IOException {
        try (InputStream in = content.open()) {
            response.setContentType(type);
            in.transferTo(response.getOutputStream());
        }
    }

    private static InputStream file(String name) throws IOException {
        InputStream in = ApiDocs.class.getResourceAsStream(name);
        if (in == null) {
            throw new FileNotFoundException(name);
        }
        return in;
    }

    /** A file of Swagger UI's webjar, where it lies below its version. */
    private static InputStream ui(String name) throws IOException {
        Properties jar = new Properties();
        try (InputStream in = file("/META-INF/maven/org.webjars/" + UI + "/pom.properties")) {
            jar.load(in);
        }
        return file("/META-INF/resources/webjars/" + UI + "/" + jar.getProperty("version") + "/" + name);
    }

    /** The same document, made when it is first asked for. */
    private synchronized InputStream json() throws IOException {
        if (json == null) {
            try (InputStream in = file(yaml)) {
                json = new JsonMapper().writeValueAsBytes(new YAMLMapper().readTree(in));
            }
        }
        return new ByteArrayInputStream(json);
    }

    private interface Content {
        InputStream open() throws IOException;
    }
}
