package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import dev.imagerelay.application.port.in.ReadCredits;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.AccountState;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.report.RelayQuery;
import dev.imagerelay.domain.report.UpstreamStatus;
import dev.imagerelay.domain.report.UsageQuery;
import io.javalin.Javalin;
import io.javalin.http.HandlerType;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The OpenAPI documents are what OpenAPI wants, name just the routes that there are and every code that there is, and
 * are served by both listeners. That exchanges keep to them is checked wherever tests send any.
 */
class ContractTest {

    static final List<Contract> BOTH = List.of(Contract.CUSTOMERS, Contract.ADMINISTRATORS);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static TestGateway gateway;
    private static AdminHttpServer administration;

    @BeforeAll
    static void start() throws Exception {
        gateway = TestGateway.start();
        administration = AdminHttpServer.start(
                new AdminHttpServer.Settings("127.0.0.1", 0, "administrator"),
                new AdminHttpServer.UseCases(null, null, null, null, Map.of()),
                new AdminHttpServer.Monitoring(() -> "", List::of),
                () -> new RelayId("req_" + "a".repeat(32)),
                InstantSource.fixed(Instant.EPOCH));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        administration.close();
    }

    @Test
    void everyRouteIsDocumentedAndNothingElseIs() {
        assertEquals(documented(Contract.CUSTOMERS), routes(gateway.server.javalin));
        assertEquals(documented(Contract.ADMINISTRATORS), routes(administration.javalin));
    }

    private static Set<String> documented(Contract contract) {
        return contract.operations().collect(Collectors.toCollection(TreeSet::new));
    }

    /** HEAD needs no words, as it is GET without the body. */
    private static Set<String> routes(Javalin javalin) {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(handler -> handler.endpoint)
                .filter(route -> route.method != HandlerType.HEAD && !Contract.PAGES.matcher(route.path).matches())
                .map(route -> Contract.operation(route.method.name(), route.path))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @FieldSource("BOTH")
    void theDocumentIsOpenApi(Contract contract) throws Exception {
        JsonNode broken = ((ObjectNode) contract.document().deepCopy()).put("paths", "none");
        try (InputStream in = getClass().getResourceAsStream("/spec.openapis.org/oas/3.1/schema/2022-10-07")) {
            JsonSchema openApi = FACTORY.getSchema(in);

            assertEquals(Set.of(), openApi.validate(contract.document()));
            assertFalse(openApi.validate(broken).isEmpty());
        }
    }

    @ParameterizedTest
    @FieldSource("BOTH")
    void everySchemaIsOne(Contract contract) {
        JsonSchema metaSchema = FACTORY.getSchema(SchemaLocation.of(SchemaId.V202012));

        List<JsonNode> schemas = contract.document().findValues("schema");
        contract.document().at("/components/schemas").forEach(schemas::add);

        for (JsonNode schema : schemas) {
            assertEquals(Set.of(), metaSchema.validate(schema), schema.toString());
        }
    }

    @ParameterizedTest
    @FieldSource("BOTH")
    void everyReferenceLeadsSomewhereAndWhatIsThereIsUsed(Contract contract) {
        List<String> references = contract.document().findValuesAsText("$ref");

        for (String reference : references) {
            assertFalse(contract.document().at(reference.substring(1)).isMissingNode(), reference);
        }
        contract.document().get("components").properties().forEach(kind -> kind.getValue().fieldNames()
                .forEachRemaining(name -> assertTrue(
                        kind.getKey().equals("securitySchemes")
                                || references.contains("#/components/" + kind.getKey() + "/" + name),
                        name + " is not used")));
    }

    @ParameterizedTest
    @FieldSource("BOTH")
    void noTwoOperationsHaveTheSameName(Contract contract) {
        List<String> names = contract.document().findValuesAsText("operationId");

        assertEquals(names.size(), Set.copyOf(names).size());
        assertFalse(names.isEmpty());
    }

    static Stream<ContentWithExamples> examples() {
        return BOTH.stream().flatMap(contract -> contract.document().findParents("schema").stream()
                .filter(node -> node.has("example") || node.has("examples"))
                .map(node -> new ContentWithExamples(contract, node)));
    }

    record ContentWithExamples(Contract contract, JsonNode node) {
        List<JsonNode> examples() {
            List<JsonNode> all = new ArrayList<>();
            Optional.ofNullable(node.get("example")).ifPresent(all::add);
            node.path("examples").forEach(example -> all.add(example.get("value")));
            return all;
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsAsItsSchemaWants(ContentWithExamples content) {
        for (JsonNode example : content.examples()) {
            List<String> faults = content.contract().faults(content.node().get("schema"), example);

            assertEquals(List.of(), faults, example.toString());
        }
    }

    static Stream<ApiError> errorsOfOrders() {
        return Stream.of(
                        ErrorMappingTest.REFUSALS.values().stream().map(ErrorMapping::of),
                        Stream.of(UpstreamFailure.values()).map(failure -> ErrorMapping.of(failure, Optional.of(7))),
                        Stream.of(StoreUnavailable.before("x"), StoreUnavailable.during("x", new Exception()))
                                .map(ErrorMapping::of),
                        Stream.of(ErrorMapping.unexpected()))
                .flatMap(errors -> errors);
    }

    @ParameterizedTest
    @MethodSource("errorsOfOrders")
    void everyErrorOfAnOrderIsDocumentedWithItsStatusAndHeaders(ApiError error) throws Exception {
        Contract contract = Contract.CUSTOMERS;
        JsonNode responses = contract.document().at("/paths/~1images~1generations/post/responses");
        JsonNode response = contract.resolved(responses.path(String.valueOf(error.status())));
        JsonNode schema = response.at("/content/application~1json/schema");

        assertFalse(response.isMissingNode(), error.toString());
        JsonNode ours = schema.path("anyOf").path(0).isMissingNode() ? schema : schema.get("anyOf").get(0);
        assertEquals(List.of(), contract.faults(ours, JSON.readTree(error.json().bytes())), error.toString());
        error.headers().keySet().forEach(header -> assertTrue(response.path("headers").has(header), header));
    }

    @Test
    void everyCodeThatIsDocumentedExists() throws Exception {
        Set<String> codes = new HashSet<>(
                Contract.CUSTOMERS.document().at("/components/schemas/ErrorCode").findValuesAsText("const"));
        codes.remove("null");
        errorsOfOrders().forEach(error -> error.code().ifPresent(codes::remove));

        // Of the rest each is answered in one of the tests of the class that has it.
        assertEquals(
                Set.of("missing_required_parameter", "invalid_type", "empty_string", "string_above_max_length",
                        "integer_below_min_value", "invalid_idempotency_key", "model_not_found", "result_not_found",
                        "method_not_supported", "overloaded", "shutting_down"),
                codes);
    }

    static Stream<Arguments> numbers() {
        String order = "/components/schemas/Order/properties/";
        String credits = "/paths/~1credits~1";
        return Stream.of(
                Arguments.of(Contract.CUSTOMERS, order + "prompt/maxLength", ImageOrder.MAX_PROMPT),
                Arguments.of(Contract.CUSTOMERS, order + "n/maximum", ImageOrder.MAX_IMAGES),
                Arguments.of(Contract.CUSTOMERS, order + "partial_images/maximum", ImageOrder.MAX_PARTIAL_IMAGES),
                Arguments.of(
                        Contract.CUSTOMERS, credits + "entries/get/parameters/0/schema/maximum",
                        ReadCredits.MOST_ENTRIES),
                Arguments.of(
                        Contract.CUSTOMERS, credits + "usage/get/parameters/0/schema/maximum", ReadCredits.MOST_DAYS),
                Arguments.of(
                        Contract.ADMINISTRATORS, "/components/parameters/limit/schema/maximum", RelayQuery.MOST),
                Arguments.of(
                        Contract.ADMINISTRATORS, "/components/schemas/NewGrant/properties/priority/default",
                        Grant.USUAL_PRIORITY));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("numbers")
    void aLimitIsDocumentedAsItIs(Contract contract, String where, int number) {
        assertEquals(number, contract.document().at(where).intValue());
    }

    static Stream<Arguments> words() {
        return Stream.of(
                Arguments.of(Contract.CUSTOMERS, "Entry/properties/kind", EntryKind.class),
                Arguments.of(Contract.CUSTOMERS, "Grant/properties/source", GrantSource.class),
                Arguments.of(Contract.ADMINISTRATORS, "Entry/properties/kind", EntryKind.class),
                Arguments.of(Contract.ADMINISTRATORS, "GrantSource", GrantSource.class),
                Arguments.of(Contract.ADMINISTRATORS, "AccountState", AccountState.class),
                Arguments.of(Contract.ADMINISTRATORS, "RelayState", RelayState.class),
                Arguments.of(Contract.ADMINISTRATORS, "UpstreamState", UpstreamStatus.State.class),
                Arguments.of(Contract.ADMINISTRATORS, "../parameters/grain/schema", UsageQuery.Grain.class),
                Arguments.of(Contract.ADMINISTRATORS, "../parameters/by/schema/items", UsageQuery.Dimension.class));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("words")
    void everyWordOfAListIsDocumented(Contract contract, String where, Class<? extends Enum<?>> words) {
        JsonNode schema =
                contract.document().at(("/components/schemas/" + where).replace("schemas/../", ""));

        List<String> documented = new ArrayList<>(schema.findValuesAsText("const"));
        schema.path("enum").forEach(word -> documented.add(word.textValue()));

        assertEquals(
                Stream.of(words.getEnumConstants()).map(word -> word.name().toLowerCase(Locale.ROOT)).toList(),
                documented);
    }

    static List<String> bases() {
        return List.of("http://127.0.0.1:" + gateway.server.port(), "http://127.0.0.1:" + administration.port());
    }

    @ParameterizedTest
    @MethodSource("bases")
    void theDocumentIsServedInBothForms(String base) throws Exception {
        Contract contract = BOTH.get(bases().indexOf(base));

        HttpResponse<String> yaml = contract.checked(get(base + "/openapi.yaml"));
        HttpResponse<String> json = contract.checked(get(base + "/openapi.json"));

        assertEquals(200, yaml.statusCode());
        assertTrue(yaml.body().startsWith("openapi: 3.1.0\n"), yaml.body());
        assertEquals(contract.document(), JSON.readTree(json.body()));
        assertEquals("application/json", json.headers().firstValue("Content-Type").orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("bases")
    void thePageLoadsNothingFromElsewhere(String base) throws Exception {
        HttpResponse<String> page = get(base + "/docs");

        assertEquals(200, page.statusCode());
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        List<String> loaded = Stream.of(page.body().split("\""))
                .filter(text -> text.startsWith("/docs/"))
                .toList();
        assertEquals(3, loaded.size());
        for (String path : loaded) {
            HttpResponse<String> file = get(base + path);
            assertEquals(200, file.statusCode(), path);
            assertTrue(file.body().length() > 100, path);
        }
        assertFalse(page.body().contains("//"), page.body());
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    @Test
    void anExchangeThatIsNotDocumentedIsReported() throws Exception {
        HttpResponse<String> offers = get(bases().get(0) + "/api/ai/models/image/generation");

        assertEquals(offers, Contract.CUSTOMERS.checked(offers));
        AssertionError reported = assertThrows(AssertionError.class, () -> Contract.ADMINISTRATORS.checked(offers));
        assertTrue(reported.getMessage().contains("the status is not documented"), reported.getMessage());
    }
}
