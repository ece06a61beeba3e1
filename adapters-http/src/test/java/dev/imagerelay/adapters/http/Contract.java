package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What an OpenAPI document promises, and whether an exchange keeps to it. Used by many threads at once. */
public final class Contract {

    /** Of the listener for customers. */
    public static final Contract CUSTOMERS = new Contract("openapi.yaml");

    /** Of the listener for administrators. */
    public static final Contract ADMINISTRATORS = new Contract("openapi-admin.yaml");

    /** Pages for people, with what they load. */
    static final Pattern PAGES = Pattern.compile("/|/credits|/(console|docs)(/.*)?");

    /** Takes numbers and texts of any length, as upstreams may send them. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    /** What HTTP itself has, and CORS. */
    private static final Pattern ANYWHERE = Pattern.compile(
            "date|connection|transfer-encoding|content-type|content-length|vary|access-control-.*");

    /** With what the server may answer anything, and with what besides where there is no such operation. */
    private static final Set<Integer> NOT_UNDERSTOOD = Set.of(400, 417, 431, 503, 505);
    private static final Set<Integer> NOT_ROUTED = Set.of(404, 405);

    /** What only an answer has that an upstream has given, now or before, or a stream that has begun. */
    private static final List<String> RELAYED =
            List.of("x-price-version", "Idempotency-Replayed", "X-Accel-Buffering");

    private final String name;
    private final JsonNode document;
    private final List<Path> paths = new ArrayList<>();
    private final Map<JsonNode, JsonSchema> schemas = new ConcurrentHashMap<>();

    /** One path below one server. */
    private record Path(String template, Pattern pattern, JsonNode item) {}

    private Contract(String name) {
        this.name = name;
        try (InputStream in = ApiDocs.class.getResourceAsStream(name)) {
            document = new YAMLMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        document.get("paths").properties().forEach(path -> {
            JsonNode own = path.getValue().path("servers");
            for (JsonNode server : own.isMissingNode() ? document.get("servers") : own) {
                String base = server.get("url").textValue();
                String template = (base.equals("/") ? "" : base) + path.getKey();
                String form = template.replace("{model}", ".+").replaceAll("\\{[^}]*}", "[^/]+") + "/?";
                paths.add(new Path(template, Pattern.compile(form), path.getValue()));
            }
        });
        paths.sort(Comparator.comparing(path -> path.template().contains("{")));
    }

    JsonNode document() {
        return document;
    }

    /** Every method and path of the document, such as {@code GET /v1/models/{}}. */
    Stream<String> operations() {
        return paths.stream().flatMap(path -> names(path.item())
                .filter(method -> !method.equals("servers") && !method.equals("parameters"))
                .map(method -> operation(method, path.template())));
    }

    static String operation(String method, String path) {
        return method.toUpperCase(Locale.ROOT) + " " + path.replaceAll("[{<][^}>]*[}>]", "{}");
    }

    /** What that stands for, if it is only a reference. */
    JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
    }

    /** In which ways a value is not as a schema of the document wants it. */
    List<String> faults(JsonNode schema, JsonNode value) {
        return schemas.computeIfAbsent(schema, this::compiled).validate(value).stream()
                .map(fault -> fault.getInstanceLocation() + ": " + fault.getMessage())
                .toList();
    }

    private JsonSchema compiled(JsonNode schema) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("components", document.get("components")); // where its references lead
        whole.putArray("allOf").add(schema);
        return FACTORY.getSchema(whole, STRICT);
    }

    /** The same response, if it and its request keep to the document; of a body that still comes only its head. */
    public <T> HttpResponse<T> checked(HttpResponse<T> response) {
        return checked(response, true);
    }

    /** The same, where an upstream is played by somebody who sends just what a test needs. */
    <T> HttpResponse<T> checkedButForPictures(HttpResponse<T> response) {
        return checked(response, false);
    }

    private <T> HttpResponse<T> checked(HttpResponse<T> response, boolean pictures) {
        if (!isPage(response) && !isPreflight(response)) {
            List<String> faults = faults(response, pictures);
            if (!faults.isEmpty()) {
                throw new AssertionError(response + " does not keep to " + name + ":\n" + String.join("\n", faults)
                        + "\nHeaders: " + response.headers().map() + "\nBody: " + shortened(response.body()));
            }
        }
        return response;
    }

    private static boolean isPage(HttpResponse<?> response) {
        return response.statusCode() < 400 && PAGES.matcher(response.request().uri().getRawPath()).matches();
    }

    private static boolean isPreflight(HttpResponse<?> response) {
        return response.request().method().equals("OPTIONS") && response.statusCode() == 204;
    }

    private static String shortened(Object body) {
        String text = body instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(body);
        return text.length() > 2_000 ? text.substring(0, 2_000) + "..." : text;
    }

    private List<String> faults(HttpResponse<?> response, boolean pictures) {
        HttpRequest request = response.request();
        JsonNode operation = paths.stream()
                .filter(path -> path.pattern().matcher(request.uri().getRawPath()).matches())
                .findFirst()
                .map(path -> path.item().path(request.method().replace("HEAD", "GET").toLowerCase(Locale.ROOT)))
                .orElse(document.path("nothing"));
        int status = response.statusCode();
        JsonNode answers = operation.path("responses");
        JsonNode answer = answers.has(String.valueOf(status))
                ? resolved(answers.get(String.valueOf(status)))
                : document.at("/components/responses/" + (status == 503 ? "Unavailable" : "NotUnderstood"));
        List<String> faults = new ArrayList<>();
        if (!answers.has(String.valueOf(status)) && !NOT_UNDERSTOOD.contains(status)
                && !(operation.isMissingNode() && NOT_ROUTED.contains(status))) {
            faults.add("the status is not documented");
        }
        addHeaderFaults(answer.path("headers"), response.headers(), faults);
        boolean isRelayed = operation.path("operationId").asText().equals("readResult") && status == 200
                || RELAYED.stream().anyMatch(header -> response.headers().firstValue(header).isPresent());
        if (!request.method().equals("HEAD") && (pictures || !isRelayed)) {
            addBodyFaults(answer.path("content"), response, faults);
        }
        if (status / 100 == 2 && operation.has("requestBody")) {
            addRequestFaults(resolved(operation.get("requestBody")), request, faults);
        }
        return faults;
    }

    private void addHeaderFaults(JsonNode documented, HttpHeaders sent, List<String> faults) {
        documented.properties().forEach(entry -> {
            JsonNode header = resolved(entry.getValue());
            Optional<String> value = sent.firstValue(entry.getKey());
            if (value.isEmpty() && header.path("required").booleanValue()) {
                faults.add("there is no " + entry.getKey());
            }
            value.ifPresent(text -> faults(header.get("schema"), scalar(header.get("schema"), text))
                    .forEach(fault -> faults.add("header " + entry.getKey() + fault)));
        });
        Set<String> known = Set.copyOf(names(documented).map(header -> header.toLowerCase(Locale.ROOT)).toList());
        sent.map().keySet().stream()
                .filter(header -> !known.contains(header.toLowerCase(Locale.ROOT)))
                .filter(header -> !ANYWHERE.matcher(header.toLowerCase(Locale.ROOT)).matches())
                .forEach(header -> faults.add("the header " + header + " is not documented"));
    }

    private static JsonNode scalar(JsonNode schema, String text) {
        String type = schema.path("type").asText();
        boolean number = type.equals("integer") || type.equals("number");
        return number && text.matches("-?[0-9]+(\\.[0-9]+)?")
                ? JSON.getNodeFactory().numberNode(new BigDecimal(text))
                : JSON.getNodeFactory().textNode(text);
    }

    private void addBodyFaults(JsonNode documented, HttpResponse<?> response, List<String> faults) {
        String type = response.headers().firstValue("Content-Type").orElse("none").replaceAll(";.*", "").strip();
        if (!documented.has(type)) {
            faults.add("the type " + type + " is not documented");
        } else if (response.body() instanceof String text) {
            addBodyFaults(documented.get(type).get("schema"), type, response, text, faults);
        } else if (response.body() instanceof byte[] bytes) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            addBodyFaults(documented.get(type).get("schema"), type, response, text, faults);
        }
    }

    private void addBodyFaults(
            JsonNode schema, String type, HttpResponse<?> response, String body, List<String> faults) {
        if (type.equals("text/event-stream")) {
            addEventFaults(resolved(schema).get("x-events"), body, faults);
        } else if (type.endsWith("json")) {
            boolean isRelayed = response.headers().firstValue("x-price-version").isPresent();
            read(body, faults).ifPresent(json -> faults.addAll(faults(isRelayed ? schema : ours(schema), json)));
        }
    }

    /** The schema without what only an upstream may say. */
    private static JsonNode ours(JsonNode schema) {
        JsonNode ways = schema.path("anyOf");
        boolean relays = ways.path(1).path("$ref").asText().endsWith("/UpstreamRefusal");
        return relays ? ways.get(0) : schema;
    }

    private void addEventFaults(JsonNode events, String body, List<String> faults) {
        for (String event : body.split("\r?\n\r?\n")) {
            String kind = field(event, "event");
            if (events.has(kind)) {
                read(field(event, "data"), faults).ifPresent(json -> faults.addAll(faults(events.get(kind), json)));
            }
        }
    }

    private static String field(String event, String name) {
        return event.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private void addRequestFaults(JsonNode documented, HttpRequest request, List<String> faults) {
        String sent = Sent.by(request);
        if (!sent.isEmpty() || documented.path("required").booleanValue()) {
            read(sent, faults).ifPresent(json -> faults(documented.at("/content/application~1json/schema"), json)
                    .forEach(fault -> faults.add("request " + fault)));
        }
    }

    private static Optional<JsonNode> read(String json, List<String> faults) {
        try {
            return Optional.of(JSON.readTree(json));
        } catch (IOException e) {
            faults.add("it is no JSON: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Stream<String> names(JsonNode object) {
        Iterable<String> names = object::fieldNames;
        return StreamSupport.stream(names.spliterator(), false);
    }
}
