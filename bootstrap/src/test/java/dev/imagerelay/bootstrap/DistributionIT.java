package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn package} has packed can be unpacked and started from where it is. Runs in {@code mvn verify}. */
class DistributionIT {

    private static final Path DISTRIBUTION = Path.of(System.getProperty("distribution"));

    @TempDir
    Path directory;

    private Path unpacked;

    @BeforeEach
    void unpack() throws Exception {
        Process tar = new ProcessBuilder("tar", "-xzf", DISTRIBUTION.toString(), "-C", directory.toString())
                .inheritIO()
                .start();
        assertEquals(0, tar.waitFor());
        unpacked = directory.resolve(DISTRIBUTION.getFileName().toString().replace(".tar.gz", ""));
    }

    @Test
    void whatAnOperatorNeedsIsThere() {
        Stream.of("image-relay", "image-relay.jar", "lib", "LICENSE", "README.md", "systemd/image-relay.service",
                        "examples/one-gateway.yaml", "examples/several-gateways.yaml", "container/Dockerfile",
                        "container/compose.yaml", "monitoring/alerts.yaml", "monitoring/grafana.json")
                .forEach(name -> assertTrue(Files.exists(unpacked.resolve(name)), name));
    }

    @Test
    void itIsStartedFromWhereItIsAndAskedFromElsewhere() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Process server = start(elsewhere, "", "serve");
        try (BufferedReader said = server.inputReader()) {
            String admin = awaited(said, "Administrators are listened to on port ");

            Process command = start(elsewhere, "http://127.0.0.1:" + admin, "accounts", "list");

            List<String> table = command.inputReader().lines().toList();
            assertEquals(0, command.waitFor(), () -> log(elsewhere));
            assertEquals(2, table.size(), table.toString());
            assertTrue(table.get(1).matches("acct_\\w+  Demo  +open  +-"), table.toString());
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private Process start(Path in, String admin, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(unpacked.resolve("image-relay").toString()), Stream.of(arguments)).toList());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("IMAGE_RELAY_HTTP_PORT", "0");
        builder.environment().put("IMAGE_RELAY_ADMIN_PORT", "0");
        builder.environment().put("IMAGE_RELAY_ADMIN_TOKEN", RunningRelay.ADMIN_TOKEN);
        builder.environment().put("IMAGE_RELAY_ADMIN_URL", admin);
        return builder.directory(in.toFile()).redirectError(in.resolve("log").toFile()).start();
    }

    private static String awaited(BufferedReader said, String words) throws IOException {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(words)) {
                return line.substring(words.length());
            }
        }
        throw new IOException("the server ended before it said '" + words + "'");
    }

    private static String log(Path in) {
        try {
            return Files.readString(in.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
