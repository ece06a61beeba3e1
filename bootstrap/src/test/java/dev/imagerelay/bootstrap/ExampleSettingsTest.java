package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings that are given away as examples are ones that the gateway takes. */
class ExampleSettingsTest {

    private static final Path DISTRIBUTION = Path.of("src/main/distribution");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {
        "examples/one-gateway.yaml", "examples/several-gateways.yaml", "container/compose-gateway.yaml"
    })
    void anExampleIsTaken(String name) throws IOException {
        Path example = Files.writeString(
                directory.resolve("image-relay.yaml"),
                Files.readString(DISTRIBUTION.resolve(name)).replace(
                        "catalogue: catalogue.yaml",
                        "catalogue: src/main/resources/dev/imagerelay/bootstrap/catalogue.yaml"));

        Settings settings = Settings.read(example, secrets());

        assertEquals(List.of(), Wiring.faults(settings));
        assertTrue(settings.admin().isPresent());
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

    /** As the service and the containers name them. */
    private Map<String, String> secrets() throws IOException {
        Map<String, String> environment = new HashMap<>();
        Path token = Files.writeString(directory.resolve("admin-token"), "0123456789abcdef0123456789abcdef\n");
        environment.put("IMAGE_RELAY_ADMIN_TOKEN_FILE", token.toString());
        Path key = Files.writeString(directory.resolve("openai-key"), "sk-1\n");
        environment.put("IMAGE_RELAY_UPSTREAMS_OPENAI_API_KEY_FILE", key.toString());
        return environment;
    }
}
