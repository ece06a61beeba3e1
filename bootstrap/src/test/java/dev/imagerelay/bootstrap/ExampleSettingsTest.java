package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings that are given away as examples are ones that the gateway takes. */
class ExampleSettingsTest {

    private static final Path DISTRIBUTION = Path.of("src/main/distribution");
    private static final Pattern SECRET =
            Pattern.compile("(IMAGE_RELAY_\\w+_FILE)(?:=%d|: /run/secrets)/([a-z-]+)");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "examples/one-gateway.yaml, systemd/image-relay.service",
        "examples/several-gateways.yaml, systemd/image-relay.service",
        "container/compose-gateway.yaml, container/compose.yaml",
    })
    void anExampleIsTakenWithItsSecrets(String name, String runner) throws IOException {
        Path example = Files.writeString(
                directory.resolve("image-relay.yaml"),
                Files.readString(DISTRIBUTION.resolve(name)).replace(
                        "catalogue: catalogue.yaml",
                        "catalogue: src/main/resources/dev/imagerelay/bootstrap/catalogue.yaml"));

        Settings settings = Settings.read(example, secrets(runner));

        assertEquals(List.of(), Wiring.faults(settings));
        assertTrue(settings.admin().orElseThrow().metricsToken().isPresent());
        assertTrue(settings.upstreams().stream().anyMatch(upstream -> upstream.apiKey().isPresent()));
    }

    @Test
    void theServiceIsGivenLongerToStopThanTheGatewayTakes() throws IOException {
        Settings settings = Settings.read(DISTRIBUTION.resolve("examples/one-gateway.yaml"), Map.of());
        long drain = settings.http().drain().toSeconds();
        var stop = Pattern.compile("TimeoutStopSec=(\\d+)")
                .matcher(Files.readString(DISTRIBUTION.resolve("systemd/image-relay.service")));

        assertTrue(stop.find() && Long.parseLong(stop.group(1)) > drain, "TimeoutStopSec");
    }

    /** In files, as the service or the containers name them. */
    private Map<String, String> secrets(String runner) throws IOException {
        Map<String, String> environment = new HashMap<>();
        Matcher secret = SECRET.matcher(Files.readString(DISTRIBUTION.resolve(runner)));
        while (secret.find()) {
            Path kept = Files.writeString(directory.resolve(secret.group(2)), secret.group(2).repeat(4) + "\n");
            environment.put(secret.group(1), kept.toString());
        }
        return environment;
    }
}
