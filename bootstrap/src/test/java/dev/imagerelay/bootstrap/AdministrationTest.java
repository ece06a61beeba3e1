package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator runs the business over HTTP, from the first account to a refund, and nobody else can. */
class AdministrationTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PRICES = """
            models:
              - name: gpt-image-2
                label: GPT Image 2
                sizes: [1024x1024]
                qualities: [auto]
                maxImages: 4
                routes: [{upstream: openai}]
                pricing: [{size: 1024x1024, price: %s}]
            """;

    @TempDir
    static Path directory;

    private static MisbehavingUpstream upstream;
    private static Path catalogue;
    private static RunningRelay relay;

    @BeforeAll
    static void start() throws Exception {
        upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, Exchanges.PICTURE));
        catalogue = Files.writeString(directory.resolve("catalogue.yaml"), PRICES.formatted("1"));
        relay = new RunningRelay(
                List.of(RunningRelay.settings("openai", upstream.baseUrl())), Optional.of(catalogue), "0");
    }

    @BeforeEach
    void anotherCustomerAtTheOldPrices() throws Exception {
        Files.writeString(catalogue, PRICES.formatted("1"));
        post("/catalogue/reload", "", 200);
        relay.nextCustomer("10");
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        upstream.close();
    }

    @Test
    void aDayOfAnOperator() throws Exception {
        String account = post("/accounts", "{\"name\":\"Ann's shop\"}", 201).get("id").textValue();
        JsonNode key = post("/accounts/" + account + "/keys", """
                {"name": "web", "scope": {"models": ["gpt-image-2"], "credits": "2.5", "limits": {"requests_per_minute": 60}}}
                """, 201);
        JsonNode granted = post("/accounts/" + account + "/grants", """
                {"amount": 100, "source": "purchased", "external_id": "payment-1"}
                """, 201);
        assertEquals(100, granted.get("available").intValue());
        assertFalse(post("/accounts/" + account + "/grants", """
                {"amount": "100.0", "external_id": "payment-1"}
                """, 201).get("changed").booleanValue(), "the same payment again");

        String secret = key.get("secret").textValue();
        assertEquals(200, order(secret).statusCode());
        HttpResponse<byte[]> second = order(secret);
        assertEquals(200, second.statusCode());
        assertEquals("58", second.headers().firstValue("x-ratelimit-remaining-requests").orElseThrow());
        HttpResponse<byte[]> third = order(secret);
        assertEquals(429, third.statusCode(), "its cap is reached");
        assertEquals("spending_cap_reached", Exchanges.error(third).get("code").textValue());

        JsonNode usage = get("/usage?grain=all&by=key,model,outcome&account=" + account);
        assertEquals(1, usage.get("data").size());
        assertEquals("settled", usage.at("/data/0/outcome").textValue());
        assertEquals(2, usage.at("/total/delivered").intValue());
        assertEquals(2, usage.at("/total/charged").intValue());

        Files.writeString(catalogue, PRICES.formatted("3"));
        JsonNode reloaded = post("/catalogue/reload", "", 200);
        assertFalse(reloaded.get("before").equals(reloaded.get("price_version")));
        assertEquals(2, get("/catalogue").get("versions").size());
        assertEquals("gpt-image-2 1024x1024 - 1\n",
                get("/catalogue/versions/" + reloaded.get("before").textValue()).get("prices").textValue()
                        .replace(" auto ", " - "));

        String id = second.headers().firstValue("x-request-id").orElseThrow();
        JsonNode shown = get("/relays/" + id);
        assertEquals("settled", shown.get("state").textValue());
        assertEquals(List.of("held", "settled"), shown.get("entries").findValuesAsText("kind"));
        assertEquals(2, shown.get("timeline").size());
        post("/relays/" + id + "/refunds", "{\"reason\": \"a fox with five legs\"}", 201);
        assertEquals(1, get("/relays/" + id).get("refunded").intValue());
        assertTrue(post("/relays/" + id + "/refunds", "{\"reason\": \"again\"}", 409).get("detail").textValue()
                .contains("up to 0 credits can be refunded"));

        assertTrue(post("/verify", "", 200).get("balanced").booleanValue());
        assertEquals(
                List.of("refund", "reload catalogue", "grant", "issue key", "open account"),
                get("/audit?limit=5").get("data").findValuesAsText("action"));
        assertEquals(99, get("/accounts/" + account).at("/credits/available").intValue());
    }

    @Test
    void aKeyIsRolledWithoutAFailedRequestAndRevokedAtOnce() throws Exception {
        String account = post("/accounts", "{\"name\":\"Bob\"}", 201).get("id").textValue();
        post("/accounts/" + account + "/grants", "{\"amount\": 10}", 201);
        JsonNode old = post("/accounts/" + account + "/keys", "", 201);
        JsonNode made = post("/keys/" + old.get("prefix").textValue() + "/roll", "{\"overlap_seconds\": 60}", 201);

        assertEquals(200, order(old.get("secret").textValue()).statusCode());
        assertEquals(200, order(made.get("secret").textValue()).statusCode());
        post("/keys/" + old.get("prefix").textValue() + "/revoke", "", 200);
        assertEquals(401, order(old.get("secret").textValue()).statusCode());
        assertEquals(200, order(made.get("secret").textValue()).statusCode());
        post("/keys/" + old.get("prefix").textValue() + "/revoke", "", 404);

        patch("/accounts/" + account, "{\"state\": \"suspended\"}", 200);
        assertEquals(403, order(made.get("secret").textValue()).statusCode());
        patch("/accounts/" + account, "{\"state\": \"open\", \"limits\": {\"images_per_minute\": 1}}", 200);
        assertEquals(200, order(made.get("secret").textValue()).statusCode());
        assertEquals(429, order(made.get("secret").textValue()).statusCode());
        patch("/accounts/" + account, "{\"limits\": null}", 200);
        assertEquals(200, order(made.get("secret").textValue()).statusCode());
        assertEquals(2, get("/accounts/" + account + "/keys").get("data").size());
        String all = get("/accounts/" + account + "/keys") + get("/audit?limit=1000").toString();
        assertFalse(all.contains(made.get("secret").textValue()), "a secret is shown once");
    }

    @Test
    void aChangeLeavesWhatItDoesNotName() throws Exception {
        String account = "/accounts/" + relay.account().value();
        JsonNode issued = post(account + "/keys", """
                {"scope": {"models": ["gpt-image-2"], "credits": 5, "expires_at": "2999-01-01T00:00:00Z",
                           "limits": {"requests_per_minute": 60, "credits_per_day": 3}}}
                """, 201);
        String key = "/keys/" + issued.get("prefix").textValue();

        JsonNode narrowed = patch(key, "{\"scope\": {\"credits\": 2, \"limits\": {\"credits_per_day\": null}}}", 200);

        assertEquals(
                JSON.readTree("""
                        {"models": ["gpt-image-2"], "limits": {"requests_per_minute": 60, "images_per_minute": null,
                         "requests_at_once": null, "credits_per_day": null}, "credits": 2,
                         "expires_at": "2999-01-01T00:00:00Z"}
                        """),
                narrowed.get("scope"));
        assertEquals(narrowed, get(key));
        patch(account, "{\"limits\": {\"images_per_minute\": 7}}", 200);
        patch(account, "{\"limits\": {\"requests_at_once\": 2}, \"state\": \"suspended\"}", 200);
        assertEquals("suspended", get(account).get("state").textValue());
        assertEquals(7, get(account).at("/limits/images_per_minute").intValue());
        patch(account, "{\"state\": \"open\", \"limits\": null}", 200);
        assertTrue(get(account).at("/limits/images_per_minute").isNull());
        post(key + "/revoke", "", 200);
        patch(key, "{\"scope\": {\"credits\": null}}", 404);
    }

    @Test
    void aCatalogueThatIsWrongChangesNothingAndSaysWhere() throws Exception {
        JsonNode before = get("/catalogue");
        Files.writeString(catalogue, PRICES.formatted("1").replace("price: 1", "price: free"));

        String detail = post("/catalogue/reload", "", 422).get("detail").textValue();

        assertTrue(detail.contains("Nothing was changed") && detail.contains("price"), detail);
        assertEquals(before, get("/catalogue"));
        assertEquals(200, order(relay.key()).statusCode());
    }

    @Test
    void relaysAndUsageComeAsTables() throws Exception {
        order(relay.key());

        HttpResponse<byte[]> relays = send(admin("/relays?account=" + relay.account()).header("Accept", "text/csv"));
        HttpResponse<byte[]> usage = send(admin("/usage?by=model").header("Accept", "text/csv"));

        String[] lines = text(relays).split("\r\n");
        assertEquals(2, lines.length);
        assertTrue(lines[0].startsWith("id,account,key,model,size,quality,images,state,reason,quoted"), lines[0]);
        assertTrue(lines[1].contains(",gpt-image-2,1024x1024,auto,1,settled,,1,1,1,0,"), lines[1]);
        assertTrue(text(usage).startsWith("period,model,relays,ordered,delivered,quoted,charged,refunded\r\n"), text(usage));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "POST  | /accounts                        | {}                          | 400 | 'name' is missing",
        "POST  | /accounts                        | {\"name\":\"\"}             | 400 | 'name' must be a text",
        "POST  | /accounts                        | {\"name\":\"x\",\"credits\":5} | 400 | 'credits' is not known here",
        "POST  | /accounts                        | {\"name\":1}                | 400 | 'name' must be a text",
        "POST  | /accounts                        | [1]                         | 400 | must be a JSON object",
        "POST  | /accounts                        | {\"name\":\"x\",\"name\":\"y\"} | 400 | not JSON",
        "POST  | /accounts/ACCOUNT/grants         | {\"amount\":-1}             | 400 | 'amount' must be an amount",
        "POST  | /accounts/ACCOUNT/grants         | {\"amount\":0}              | 400 | more than nothing",
        "POST  | /accounts/ACCOUNT/grants         | {\"amount\":1e30}           | 400 | 'amount' must be an amount",
        "POST  | /accounts/ACCOUNT/grants         | {\"amount\":1e999999999} | 400 | 'amount' must be an amount",
        "POST  | /accounts                        | {\"name\":\"a\\u0000\"} | 400 | 'name' must be a text",
        "POST  | /accounts/ACCOUNT/grants         | {\"amount\":1,\"expires_at\":\"+99999-01-01T00:00:00Z\"} | 400 | 'expires_at' must be",
        "GET   | /audit?subject=%00               | {}                          | 400 | 'subject' must be",
        "GET   | /usage?to=-1000000000-01-01T00:00:00Z | {}                     | 400 | 'to' must be",
        "GET   | /usage?by=model,model            | {}                          | 400 | by the same thing once",
        "POST  | /accounts/ACCOUNT/grants         | {\"amount\":0.0000001}      | 400 | 'amount' must be an amount",
        "POST  | /accounts/ACCOUNT/grants         | {\"amount\":1,\"expires_at\":\"2020-01-01T00:00:00Z\"} | 409 | expired",
        "POST  | /accounts/ACCOUNT/grants         | {\"amount\":1,\"source\":\"stolen\"} | 400 | 'source' must be one of",
        "POST  | /accounts/ACCOUNT/adjustments    | {\"reason\":\"x\"}          | 400 | either to 'add' or to 'take'",
        "POST  | /accounts/ACCOUNT/adjustments    | {\"take\":11,\"reason\":\"x\"} | 409 | Available are 10 credits",
        "POST  | /accounts/ACCOUNT/keys           | {\"scope\":{\"model\":[\"x\"]}} | 400 | 'scope.model' is not known",
        "POST  | /accounts/ACCOUNT/keys           | {\"scope\":{\"limits\":{\"images_per_minute\":0}}} | 400 | 'scope.limits.images_per_minute' must be",
        "PATCH | /accounts/ACCOUNT                | {\"state\":\"closed\"}      | 400 | 'state' must be one of \"open\", \"suspended\"",
        "POST  | /accounts/nobody/grants          | {\"amount\":1}              | 404 | no account 'nobody'",
        "POST  | /keys/sk-relay-00000000/revoke   | {}                          | 404 | no working key",
        "POST  | /relays/req_1/refunds            | {\"reason\":\"x\"}          | 404 | no relay 'req_1'",
        "GET   | /relays?state=lost               | {}                          | 400 | 'state' must be one of",
        "GET   | /relays?limit=0                  | {}                          | 400 | 'limit' must be a whole number from 1",
        "GET   | /relays?accounts=x               | {}                          | 400 | 'accounts' is not known here",
        "GET   | /usage?by=prompt                 | {}                          | 400 | 'by' must be some of",
        "GET   | /usage?from=2027-01-01&to=2026-01-01 | {}                      | 400 | usage is from a time to a later one",
        "GET   | /overview?from=2027-01-01&to=2026-01-01 | {}                   | 400 | usage is from a time to a later one",
        "GET   | /grants?limit=1001               | {}                          | 400 | 'limit' must be a whole number",
        "GET   | /accounts?id=a,,b                | {}                          | 400 | 'id' must be up to 100 ids",
        "GET   | /nothing                         | {}                          | 404 | Invalid URL (GET /admin/nothing)",
        "DELETE | /accounts                       | {}                          | 405 | Allowed here: "
    })
    void whatMakesNoSenseIsSaidInWordsAndChangesNothing(
            String method, String path, String body, int status, String words) throws Exception {
        String account = relay.account().value();
        HttpResponse<byte[]> answer = send(admin(path.replace("ACCOUNT", account))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));

        assertEquals(status, answer.statusCode(), () -> text(answer));
        assertEquals("application/problem+json", answer.headers().firstValue("Content-Type").orElseThrow());
        JsonNode problem = JSON.readTree(answer.body());
        assertTrue(problem.get("detail").textValue().contains(words), problem.toString());
        assertEquals(RunningRelay.credits("10"), relay.balance());
    }

    @Test
    void aBodyOfAnotherKindIsAProblemToo() throws Exception {
        HttpResponse<byte[]> form = send(admin("/accounts")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("name=x")));
        HttpResponse<byte[]> large = send(json(admin("/accounts"), "POST", "{\"name\":\"" + "x".repeat(1 << 17) + "\"}"));

        assertEquals(400, form.statusCode());
        assertEquals(413, large.statusCode());
        assertEquals("application/problem+json", form.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("application/problem+json", large.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void theSettingsInForceAreShownWithoutSecrets() throws Exception {
        String settings = get("/settings").toString();

        assertTrue(settings.contains("\"upstreams.openai.apiKey\":\"********\""), settings);
        assertFalse(settings.contains("upstream-secret") || settings.contains(RunningRelay.ADMIN_TOKEN), settings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/console/operator.css", "/console/operator/main.js", "/console/operator/api.js"})
    void itsPagesAreWhereAdministratorsAreListenedToAndNowhereElse(String file) throws Exception {
        URI here = relay.admin("").build().uri();

        assertEquals(200, send(HttpRequest.newBuilder(here.resolve(file))).statusCode());
        assertEquals(404, send(HttpRequest.newBuilder(relay.uri(file))).statusCode());
        assertTrue(text(send(HttpRequest.newBuilder(here.resolve("/")))).contains("operator/main.js"));
        assertFalse(text(send(HttpRequest.newBuilder(relay.uri("/")))).contains("operator"));
    }

    @Test
    void whatStandsAtTheTopAgreesWithTheRowsBelow() throws Exception {
        JsonNode before = get("/overview");
        String account = post("/accounts", "{\"name\":\"Carla's\"}", 201).get("id").textValue();
        post("/accounts/" + account + "/grants", "{\"amount\": 7}", 201);
        String key = post("/accounts/" + account + "/keys", "", 201).get("secret").textValue();
        assertEquals(200, order(key).statusCode());

        JsonNode after = get("/overview");

        assertEquals(7, difference(before, after, "/credits/granted"));
        assertEquals(1, difference(before, after, "/credits/grants"));
        assertEquals(6, difference(before, after, "/credits/available"));
        JsonNode settled = after.get("outcomes").get(0);
        assertEquals("settled", settled.get("outcome").textValue());
        assertEquals(
                get("/relays?state=settled&limit=1000&from=" + after.get("from").textValue()).get("data").size(),
                settled.get("relays").intValue());
        assertTrue(after.at("/seconds/p50").doubleValue() <= after.at("/seconds/p95").doubleValue());
        assertEquals(account, get("/grants?limit=1").at("/data/0/account").textValue());
        assertEquals(6, get("/accounts?name=CARLA").at("/data/0/credits/available").intValue());
        assertEquals(1, get("/accounts?id=nobody," + account).get("data").size());
        assertEquals("1024x1024", get("/catalogue").at("/models/0/prices/0/size").textValue());
    }

    private static int difference(JsonNode before, JsonNode after, String pointer) {
        return after.at(pointer).intValue() - before.at(pointer).intValue();
    }

    private HttpResponse<byte[]> order(String key) throws Exception {
        return send(HttpRequest.newBuilder(relay.uri("/v1/images/generations"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Exchanges.ORDER)));
    }

    private HttpRequest.Builder admin(String path) {
        return relay.admin(path).header("Authorization", "Bearer " + RunningRelay.ADMIN_TOKEN);
    }

    private JsonNode get(String path) throws Exception {
        return expect(200, admin(path));
    }

    private JsonNode post(String path, String body, int status) throws Exception {
        return expect(status, json(admin(path), "POST", body));
    }

    private JsonNode patch(String path, String body, int status) throws Exception {
        return expect(status, json(admin(path), "PATCH", body));
    }

    private static HttpRequest.Builder json(HttpRequest.Builder request, String method, String body) {
        return request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body));
    }

    private JsonNode expect(int status, HttpRequest.Builder request) throws Exception {
        HttpResponse<byte[]> answer = send(request);
        assertEquals(status, answer.statusCode(), () -> text(answer));
        return JSON.readTree(answer.body());
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return relay.send(request);
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
