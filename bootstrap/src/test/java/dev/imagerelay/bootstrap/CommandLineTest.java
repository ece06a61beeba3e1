package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands: results on standard output, one line on standard error for what can be put right, and exit codes. */
class CommandLineTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --size 1024x1024 --quality high       | 1 credits: 1 x 1 for size 1024x1024, quality high; rate card
            --size 3840x2160 --quality low -n 10  | 40 credits: 10 x 4 for size 3840x2160, quality low; rate card
            --size 2560x1440                      | 2 credits: 1 x 2 for size 2560x1440, quality auto; rate card
            -n 2                                  | 8 credits: 2 x 4 for size auto, quality auto, at most: the dearest the model may choose; rate card
            """)
    void aPriceIsToldOffline(String options, String told) {
        assertEquals(0, run(("quote --model gpt-image-2 " + options).split(" ")));

        assertTrue(out.toString().startsWith(told), out.toString());
        assertEquals("", err.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            quote --model dall-e-2                            | 1 | there is no model dall-e-2; offered are [gpt-image-2, sample]
            quote --model gpt-image-2 --size 1024x576         | 1 | gpt-image-2 has no size 1024x576; offered are [1024x1024,
            quote --model gpt-image-2 --quality ultra         | 1 | gpt-image-2 has no quality ultra; offered are [high,
            quote --model sample -n 5                         | 1 | sample makes at most 4 images at a time, not 5
            quote --model gpt-image-2 -n 0                    | 1 | 1 to 10
            quote                                             | 2 | --model
            quote --model gpt-image-2 -n two                  | 2 | two
            sing                                              | 2 | sing
            catalogue check does-not-exist.yaml               | 1 | does-not-exist.yaml
            serve --config does-not-exist.yaml                | 1 | does-not-exist.yaml
            config check --config does-not-exist.yaml         | 1 | does-not-exist.yaml
            config                                            | 2 | See 'image-relay config --help'
            catalogue                                         | 2 | subcommand
            books verfy                                       | 2 | Did you mean: books verify?
            accounts                                          | 2 | See 'image-relay accounts --help'
            accounts show                                     | 2 | ACCOUNT
            accounts open                                     | 2 | NAME
            accounts list --limit many                        | 2 | --limit
            accounts list --admin localhost:8081              | 2 | --admin is a URL
            accounts list --admin ftp://localhost             | 2 | --admin is a URL
            accounts list --admin http:8081                   | 2 | --admin is a URL
            accounts list --as "                              | 2 | --as is 1 to 100 printable
            accounts list --token secret                      | 2 | --token
            accounts list --token-file does-not-exist         | 1 | does-not-exist
            accounts limits acct_1                            | 2 | --requests-per-minute
            accounts limits acct_1 --requests-per-minute 0    | 2 | a whole number from 1 on, or none, but not '0'
            accounts limits acct_1 --credits-per-day lots     | 2 | an amount of credits such as 12.5, but not 'lots'
            keys change sk-relay-1                            | 2 | say what to change
            keys issue acct_1 --expires tomorrow              | 2 | but not 'tomorrow'
            keys roll sk-relay-1 --overlap 10                 | 2 | a time such as 90s, 10m, 24h or 7d, but not '10'
            credits grant acct_1                              | 2 | CREDITS
            credits grant acct_1 1e9                          | 2 | but not '1e9'
            credits grant acct_1 -- -5                        | 2 | but not '-5'
            credits adjust acct_1 --reason x                  | 2 | either --add or --take
            credits adjust acct_1 --add 1 --take 1 --reason x | 2 | either --add or --take
            credits adjust acct_1 --add 1                     | 2 | --reason
            credits refund req_1                              | 2 | --reason
            usage --csv --json                                | 2 | exclude each other
            usage --from 2027-13-01                           | 2 | but not '2027-13-01'
            relays                                            | 2 | See 'image-relay relays --help'
            relays held --state settled                       | 2 | --state
            verify everything                                 | 2 | everything
            catalogue reload catalogue.yaml                   | 2 | catalogue.yaml
            """)
    void aMistakeIsExplainedAndTheExitCodeSaysWhoseItWas(String command, int exitCode, String named) {
        assertEquals(exitCode, run(command.split(" ")));

        assertTrue(err.toString().contains(named), err.toString());
        assertEquals("", out.toString());
        if (exitCode == 1) {
            assertEquals(1, err.toString().lines().count(), err.toString());
        }
    }

    @Test
    void aGoodCatalogueIsSummed() throws IOException {
        Path file = Files.writeString(directory.resolve("catalogue.yaml"), """
                models:
                  - name: poster
                    label: Poster
                    sizes: [1024x1024, 2048x2048]
                    routes: [{upstream: press}]
                    pricing: [{size: 1024x1024, price: 1}, {size: 2048x2048, price: 2.5}]
                """);

        assertEquals(0, run("catalogue", "check", file.toString()));

        assertTrue(out.toString().startsWith("poster: 2 sizes, 0 qualities, 1 to 2.5 credits a picture"), out.toString());
    }

    @Test
    void settingsAreCheckedWithoutAServer() throws IOException {
        Path file = settings(0);
        assertEquals(0, run("config", "check", "--config", file.toString()), err::toString);
        assertEquals("the settings make sense", out.toString().strip());

        Files.writeString(file, "http: {prot: 1}\nspol: x\n");
        assertEquals(1, run("config", "check", "--config", file.toString()));
        assertTrue(err.toString().matches("(?s)image-relay: .*http.prot .*\nimage-relay: .*spol .*"), err.toString());
    }

    @Test
    void whatCannotWorkTogetherIsToldAtOnceAndNothingIsMade() throws IOException {
        Path file = Files.writeString(directory.resolve("image-relay.yaml"), """
                databaseUrl: jdbc:h2:file:%s
                upstreams: {press: {baseUrl: 'http://localhost:1'}}
                """.formatted(directory.resolve("ledger")));

        assertEquals(1, run("config", "check", "--config", file.toString()));

        assertEquals(2, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains("databaseUrl: "), err.toString());
        assertTrue(err.toString().contains("routes model gpt-image-2 to upstream 'openai'"), err.toString());
        assertEquals(List.of("image-relay.yaml"), List.of(directory.toFile().list()));
    }

    @Test
    void settingsArePrintedWithoutSecrets() throws IOException {
        Path key = Files.writeString(directory.resolve("key"), "press-secret");
        Path file = Files.writeString(settings(9000), """
                upstreams: {press: {baseUrl: 'http://localhost:1/?key=press-secret', apiKeyFile: %s}}
                """.formatted(key), StandardOpenOption.APPEND);

        assertEquals(0, run("config", "print", "--config", file.toString()));

        assertTrue(out.toString().contains("http.port: 9000\n"), out.toString());
        assertTrue(out.toString().contains("upstreams.press.apiKey: ********\n"), out.toString());
        assertFalse(out.toString().contains("press-secret"), out.toString());
    }

    @Test
    void shellsCanCompleteEveryCommand() {
        assertEquals(0, run("generate-completion"));

        assertTrue(out.toString().contains("_picocli_image-relay_accounts_limits"), err.toString());
        assertEquals("", err.toString());
    }

    @Test
    void anOccupiedPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = settings(taken.getLocalPort());

            assertEquals(1, run("serve", "--config", file.toString()));

            assertTrue(err.toString().contains(String.valueOf(taken.getLocalPort())), err.toString());
            assertEquals(1, err.toString().lines().count(), err.toString());
        }
    }

    @Test
    void aDatabaseThatIsInUseIsNamed() throws IOException {
        try (ServerProcess other = ServerProcess.start(directory, URI.create("http://127.0.0.1:1/v1"))) {
            assertTrue(other.isRunning());
            Path file = settings(0);

            assertEquals(1, run("serve", "--config", file.toString()));

            assertTrue(err.toString().contains("another process has the database open"), err.toString());
            assertEquals(1, err.toString().lines().count(), err.toString());
        }
    }

    @Test
    void aDatabaseUrlThatCouldLoseMoneyIsRefused() throws IOException {
        Path file = settings(0);
        Files.writeString(file, Files.readString(file).replace(";WRITE_DELAY=0", ""));

        assertEquals(1, run("serve", "--config", file.toString()));

        assertTrue(err.toString().startsWith("image-relay: databaseUrl: "), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void aSpoolThatIsInUseIsNamed() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        try (ServerProcess other = ServerProcess.start(elsewhere, URI.create("http://127.0.0.1:1/v1"))) {
            assertTrue(other.isRunning());
            Path file = settings(0);
            Files.writeString(file, Files.readString(file)
                    .replace(directory.resolve("other-spool").toString(), elsewhere.resolve("spool").toString()));

            assertEquals(1, run("serve", "--config", file.toString()));

            assertTrue(err.toString().contains("another process keeps its answers in"), err.toString());
            assertEquals(1, err.toString().lines().count(), err.toString());
        }
    }

    @Test
    void anUpstreamThatIsNotConfiguredIsNamed() throws IOException {
        Path file = Files.writeString(
                settings(0), "upstreams: {press: {baseUrl: 'http://localhost:1'}}\n", StandardOpenOption.APPEND);

        assertEquals(1, run("serve", "--config", file.toString()));

        assertTrue(err.toString().contains("routes model gpt-image-2 to upstream 'openai'"), err.toString());
    }

    private Path settings(int port) throws IOException {
        return Files.writeString(directory.resolve("image-relay.yaml"), """
                http: {host: 127.0.0.1, port: %d}
                databaseUrl: %s
                spool: %s
                unsettled: %s
                results: {directory: %s}
                """.formatted(
                        port, ServerProcess.databaseUrl(directory), directory.resolve("other-spool"),
                        directory.resolve("other-unsettled"), directory.resolve("other-results")));
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
