package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
                """.formatted(port, ServerProcess.databaseUrl(directory), directory.resolve("other-spool")));
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
