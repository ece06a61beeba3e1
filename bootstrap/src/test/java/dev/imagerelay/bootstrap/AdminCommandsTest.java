package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An operator runs the business from the command line of a running gateway, from the first account to a refund. */
class AdminCommandsTest {

    private static final String PRICES = """
            models:
              - name: gpt-image-2
                label: GPT Image 2
                sizes: [1024x1024]
                routes: [{upstream: openai}]
                pricing: [{size: 1024x1024, price: %s}]
            """;

    @TempDir
    static Path directory;

    private static MisbehavingUpstream upstream;
    private static Path catalogue;
    private static Path token;
    private static RunningRelay relay;

    private StringWriter out;
    private StringWriter err;

    @BeforeAll
    static void start() throws Exception {
        upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, Exchanges.PICTURE));
        catalogue = Files.writeString(directory.resolve("catalogue.yaml"), PRICES.formatted("1"));
        token = Files.writeString(directory.resolve("token"), RunningRelay.ADMIN_TOKEN + "\n");
        relay = new RunningRelay(
                List.of(RunningRelay.settings("openai", upstream.baseUrl())), Optional.of(catalogue), "0");
    }

    @BeforeEach
    void anotherCustomerAtTheOldPrices() throws IOException {
        Files.writeString(catalogue, PRICES.formatted("1"));
        relay.wiring().catalogue().reload("nobody");
        relay.nextCustomer("10");
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        upstream.close();
    }

    @Test
    void aDayOfAnOperator() throws Exception {
        String account = found("id +(acct_\\w+)", good("accounts", "open", "Ann's shöp", "--as", "olivia"));
        String issued = good("keys", "issue", account, "--name", "web", "--models", "gpt-image-2", "--credits", "2.5",
                "--requests-per-minute", "60", "--expires", "2999-01-01");
        assertTrue(issued.contains("scope expires at                  2999-01-01T00:00:00Z\n"), issued);
        assertEquals("The secret is shown this once.\n", err.toString());
        String[] payment = {"credits", "grant", account, "100", "--external-id", "payment-1"};
        assertTrue(good(payment).contains("changed    true\n"), out.toString());
        assertTrue(good(payment).contains("changed    false\n"), out.toString());

        String secret = found("secret +(\\S+)", issued);
        String id = order(secret, 200);
        order(secret, 200);
        order(secret, 429);

        assertEquals("""
                period                model        outcome  relays  ordered  delivered  quoted  charged  refunded
                2027-01-31T12:00:00Z  gpt-image-2  settled       2        2          2       2        2         0
                total                 -            -             2        2          2       2        2         0
                """, good("usage", "--account", account, "--grain", "all", "--by", "model,outcome")
                .replaceFirst("\\n\\S{20} ", "\n2027-01-31T12:00:00Z "));

        Files.writeString(catalogue, PRICES.formatted("3"));
        assertTrue(good("catalogue", "reload").matches("before +\\w+\nprice version +\\w+\n"), out.toString());
        assertEquals("3", relay.wiring().catalogue().current().models().get(0).prices()
                .unitPrices().get(0).credits().toString());

        assertTrue(good("credits", "refund", id, "--reason", "five legs", "--as", "olivia")
                .contains("available  99\n"));
        String shown = good("relays", "show", id);
        assertTrue(shown.contains("refunded       1\n"), shown);
        assertTrue(shown.matches(
                "(?s).*\nTimeline\n.* held .* settled .*\nEntries\n.* refunded .* olivia +five legs\n"), shown);
        assertEquals(3, good("relays", "search", "--account", account).lines().count());
        assertEquals("(none)\n", good("relays", "held"));
        assertTrue(good("audit", "--subject", account).contains("  olivia  "), out.toString());
        assertEquals("the books balance\n", good("verify"));
    }

    @Test
    void whatIsNamedIsChangedAndTheRestIsLeft() throws Exception {
        String account = relay.account().value();
        good("accounts", "limits", account, "--images-per-minute", "7", "--credits-per-day", "2.5");
        good("accounts", "limits", account, "--images-per-minute", "none", "--requests-at-once", "1");
        assertTrue(good("accounts", "list", "--limit", "1000").matches(
                "(?s).*" + account + "  Ann +open +1 requests at once, 2.5 credits per day\n.*"), out.toString());

        String key = relay.key().substring(0, "sk-relay-12345678".length());
        good("keys", "change", key, "--models", "gpt-image-2,other", "--credits", "20");
        String made = found("secret +(\\S+)", good("keys", "roll", key, "--overlap", "10m"));
        good("keys", "change", key, "--models", "any");
        good("keys", "revoke", key);
        String keys = good("keys", "list", account);
        assertTrue(keys.matches("(?s).*" + key + " .*Z  - +20  .*"), keys);
        assertFalse(keys.contains(made), "a secret is shown once");

        good("accounts", "suspend", account);
        order(made, 403);
        good("accounts", "resume", account);
        order(made, 200);
        good("credits", "adjust", account, "--take", "0.5", "--reason", "x");
        assertTrue(good("credits", "balance", account).startsWith("available  "), out.toString());
        assertTrue(good("credits", "entries", account, "--limit", "1").contains("  0.5  "), out.toString());
        assertTrue(err.toString().matches("There are more: --below \\d+\n"), err.toString());
    }

    @Test
    void scriptsGetWhatTheGatewaySays() throws Exception {
        order(relay.key(), 200);
        String account = relay.account().value();

        String json = good("relays", "search", "--account", account, "--json");
        String csv = good("relays", "search", "--account", account, "--csv");

        assertEquals(admin("/relays?account=" + account, "application/json") + "\n", json);
        assertEquals(admin("/relays?account=" + account, "text/csv"), csv);
        assertEquals("{\"balanced\":true,\"offenders\":[]}\n", good("verify", "--json"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            accounts show nobody                        | There is no account 'nobody'.
            accounts show ../keys?x#                    | There is no account '../keys?x#'.
            credits adjust ACCOUNT --take 11 --reason x | Available are 10 credits, and 0 are held: 11 cannot be taken.
            credits grant ACCOUNT 1 --source stolen     | 'source' must be one of
            keys roll sk-relay-00000000                 | There is no working key 'sk-relay-00000000'.
            relays search --state lost                  | 'state' must be one of
            usage --by prompt                           | 'by' must be some of
            """)
    void aRefusalIsToldInALine(String command, String told) {
        assertEquals(1, ask(command.replace("ACCOUNT", relay.account().value()).split(" ")));

        assertEquals("", out.toString());
        assertTrue(err.toString().startsWith("image-relay: " + told), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void aTokenThatIsNotKnownIsTold() throws IOException {
        Path wrong = Files.writeString(directory.resolve("wrong"), "guessed-wrongly");

        assertEquals(1, run("verify", "--admin", url(), "--token-file", wrong.toString()));

        assertTrue(err.toString().endsWith(
                " does not know this token: is it the one that the gateway was started with?\n"), err.toString());
    }

    @Test
    void nobodyAtThatAddressIsTold() throws IOException {
        String closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = "http://127.0.0.1:" + socket.getLocalPort();
        }

        assertEquals(1, run("verify", "--admin", closed, "--token-file", token.toString()));

        assertTrue(err.toString().startsWith("image-relay: nobody answers at " + closed + ": "), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void theCustomersPortIsNotTakenForTheAdministration() {
        assertEquals(1, run("verify", "--admin", relay.uri("").toString(), "--token-file", token.toString()));

        assertTrue(err.toString().contains(" answers 404, and not as the administration does"), err.toString());
    }

    @Test
    void whatBooksThatAreWrongSayIsPrintedAndTheExitCodeIsOne() throws IOException {
        HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        byte[] answer = "{\"balanced\":false,\"offenders\":[\"a\\u001b[2J\",\"b\"]}".getBytes(StandardCharsets.UTF_8);
        gateway.createContext("/relay/admin/verify", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        gateway.start();
        try {
            String url = "http://127.0.0.1:" + gateway.getAddress().getPort() + "/relay/";

            assertEquals(1, run("verify", "--admin", url, "--token-file", token.toString()));

            assertEquals("a?[2J\nb\n2 offenders\n", out.toString(), err::toString);
        } finally {
            gateway.stop(0);
        }
    }

    /** In a process of its own, as a script has it, in no language; it loads nothing that only a server needs. */
    @Test
    void aCommandStartsWithoutTheServer() throws Exception {
        good("accounts", "open", "Ännchen");
        Path loaded = directory.resolve("loaded");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xlog:class+load:file=" + loaded,
                "-cp", System.getProperty("java.class.path"), Main.class.getName(), "accounts", "list",
                "--limit", "1000", "--json");
        builder.environment().put("IMAGE_RELAY_ADMIN_TOKEN", RunningRelay.ADMIN_TOKEN);
        builder.environment().put("IMAGE_RELAY_ADMIN_URL", url());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.redirectError(directory.resolve("err").toFile()).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor(), () -> said);
        assertEquals("", Files.readString(directory.resolve("err")));
        assertTrue(said.contains("\"name\":\"Ännchen\""), said);
        List<String> classes = new ArrayList<>(Files.readAllLines(loaded));
        classes.removeIf(
                line -> !line.matches(".* (org\\.(eclipse|h2|jdbi|postgresql|flywaydb|apache)|io\\.javalin)\\..*"));
        assertEquals(List.of(), classes);
    }

    private String order(String key, int status) throws Exception {
        var answer = relay.send(relay.request("/v1/images/generations", Exchanges.ORDER)
                .setHeader("Authorization", "Bearer " + key));
        assertEquals(status, answer.statusCode());
        return answer.headers().firstValue("x-request-id").orElseThrow();
    }

    private static String admin(String path, String form) throws Exception {
        return new String(relay.send(relay.admin(path)
                .header("Authorization", "Bearer " + RunningRelay.ADMIN_TOKEN)
                .header("Accept", form)).body(), StandardCharsets.UTF_8);
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), text);
        return matcher.group(1);
    }

    private static String url() {
        return "http://127.0.0.1:" + relay.wiring().adminPort().orElseThrow();
    }

    /** What a command prints that goes well. */
    private String good(String... command) {
        assertEquals(0, ask(command), () -> err.toString());
        return out.toString();
    }

    private int ask(String... command) {
        List<String> whole = new ArrayList<>(List.of(command));
        whole.addAll(List.of("--admin", url(), "--token-file", token.toString()));
        return run(whole.toArray(String[]::new));
    }

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        return Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true)).execute(arguments);
    }
}
