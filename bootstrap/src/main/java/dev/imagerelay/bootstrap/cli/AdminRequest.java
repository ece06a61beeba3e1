package dev.imagerelay.bootstrap.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is asked of the administration. */
final class AdminRequest {

    private final String method;
    private final String path;
    private final List<String> query = new ArrayList<>();
    private final Map<String, Object> members = new LinkedHashMap<>();
    private String form = "application/json";

    private AdminRequest(String method, String... segments) {
        this.method = method;
        this.path = Stream.of(segments).map(segment -> "/" + encoded(segment)).collect(Collectors.joining());
    }

    static AdminRequest get(String... segments) {
        return new AdminRequest("GET", segments);
    }

    static AdminRequest post(String... segments) {
        return new AdminRequest("POST", segments);
    }

    static AdminRequest patch(String... segments) {
        return new AdminRequest("PATCH", segments);
    }

    /** Asks for it with that parameter, unless it is {@code null}. */
    AdminRequest where(String name, Object value) {
        if (value != null) {
            query.add(name + "=" + encoded(value.toString()));
        }
        return this;
    }

    /** Sends that member, unless it is {@code null}. */
    AdminRequest with(String name, Object value) {
        if (value != null) {
            members.put(name, value);
        }
        return this;
    }

    AdminRequest asCsv(boolean csv) {
        form = csv ? "text/csv" : form;
        return this;
    }

    String method() {
        return method;
    }

    boolean changesNothing() {
        return method.equals("GET");
    }

    /** The path below {@code /admin} and the query. */
    String target() {
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }

    /** The media type of the answer. */
    String form() {
        return form;
    }

    String body() {
        return Json.write(members);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
