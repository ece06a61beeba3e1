package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.upstream.UpstreamSettings;
import dev.imagerelay.adapters.upstream.UpstreamSettings.Breaker;
import dev.imagerelay.adapters.upstream.UpstreamSettings.KeyHeader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings come from a file and the environment, and a mistake in them is named with what to do about it. */
class SettingsTest {

    @TempDir
    Path directory;

    @Test
    void nothingNeedsToBeSet() {
        Settings settings = Settings.read(Settings.USUAL_FILE, Map.of());

        assertEquals(8080, settings.http().port());
        assertEquals("jdbc:h2:file:./data/image-relay;WRITE_DELAY=0;RETENTION_TIME=5000", settings.databaseUrl());
        assertEquals(Optional.empty(), settings.catalogue());
        assertEquals(List.of(), settings.upstreams());
        assertEquals(Optional.empty(), settings.http().keepAlive());
        assertEquals(List.of(), settings.http().corsOrigins());
    }

    @Test
    void aFileSetsWhatItNames() throws IOException {
        Path key = Files.writeString(directory.resolve("key"), "azure-secret\n");
        Settings settings = Settings.read(file("""
                http:
                  host: 127.0.0.1
                  port: 9000
                  keepAliveSeconds: 15
                  corsOrigins:
                    - https://app.example.com
                    - http://localhost:3000
                catalogue: prices.yaml
                sampleDelayMillis: 250
                upstreams:
                  azure:
                    baseUrl: https://example.azure.com/openai/v1?api-version=2026-01-01
                    keyHeader: api-key
                    apiKeyFile: %s
                    totalSeconds: 300
                    breakerFailures: 0
                    breakerSeconds: 5
                """.formatted(key)), Map.of());

        assertEquals(9000, settings.http().port());
        assertEquals(Optional.of(Duration.ofSeconds(15)), settings.http().keepAlive());
        assertEquals(
                List.of("https://app.example.com", "http://localhost:3000"), settings.http().corsOrigins());
        assertEquals(Optional.of(Path.of("prices.yaml")), settings.catalogue());
        assertEquals(Duration.ofMillis(250), settings.sampleDelay());
        UpstreamSettings azure = settings.upstreams().get(0);
        assertEquals("azure", azure.name());
        assertEquals(Optional.of("azure-secret"), azure.apiKey());
        assertEquals(KeyHeader.API_KEY, azure.keyHeader());
        assertEquals(Duration.ofSeconds(300), azure.totalLimit());
        assertEquals(Duration.ofSeconds(10), azure.connectLimit());
        assertEquals(new Breaker(0, Duration.ofSeconds(5)), azure.breaker());
    }

    @Test
    void theEnvironmentGoesBeforeTheFile() throws IOException {
        Settings settings = Settings.read(
                file("http: {port: 9000, maxBodyBytes: 5000}"),
                Map.of("IMAGE_RELAY_HTTP_PORT", "9001", "IMAGE_RELAY_SPOOL", "/var/spool/relay", "PATH", "/bin"));

        assertEquals(9001, settings.http().port());
        assertEquals(5000, settings.http().maxBodyBytes());
        assertEquals(Path.of("/var/spool/relay"), settings.spool());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "https://a.example | 1", "https://a.example, http://b.example:81 | 2", "`` | 0", "` , ` | 0"
    })
    void theEnvironmentListsOriginsBetweenCommas(String listed, int origins) throws IOException {
        Settings settings = Settings.read(
                file("http: {corsOrigins: ['https://file.example'], keepAliveSeconds: 5}"),
                Map.of("IMAGE_RELAY_HTTP_CORS_ORIGINS", listed, "IMAGE_RELAY_HTTP_KEEP_ALIVE_SECONDS", "0"));

        assertEquals(
                List.of("https://a.example", "http://b.example:81").subList(0, origins),
                settings.http().corsOrigins());
        assertEquals(Optional.empty(), settings.http().keepAlive());
    }

    @Test
    void anOpenAiKeyIsEnoughToReachOpenAi() {
        Settings settings = Settings.read(Settings.USUAL_FILE, Map.of("OPENAI_API_KEY", "sk-real"));

        UpstreamSettings openAi = settings.upstreams().get(0);
        assertEquals("openai", openAi.name());
        assertEquals(URI.create("https://api.openai.com/v1"), openAi.baseUrl());
        assertEquals(Optional.of("sk-real"), openAi.apiKey());
        assertEquals(Breaker.USUAL, openAi.breaker());
        assertFalse(settings.toString().contains("sk-real"), settings.toString());
    }

    @Test
    void anEmptyOpenAiKeyIsNone() {
        assertEquals(List.of(), Settings.read(Settings.USUAL_FILE, Map.of("OPENAI_API_KEY", "")).upstreams());
    }

    @Test
    void anUpstreamsKeyMayComeFromTheEnvironment() throws IOException {
        Settings settings = Settings.read(
                file("upstreams: {my-press: {baseUrl: 'http://localhost:1/v1'}}"),
                Map.of("IMAGE_RELAY_UPSTREAMS_MY_PRESS_API_KEY", "press-secret"));

        assertEquals(Optional.of("press-secret"), settings.upstreams().get(0).apiKey());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            htp: {port: 1}                         | htp is not a known key; did you mean http?
            http: {prot: 1}                        | http.prot is not a known key; did you mean http.port?
            http: {port: eighty}                   | http.port must be a whole number from 0 to 65535, not 'eighty'
            http: {port: 65536}                    | http.port must be a whole number from 0 to 65535, not '65536'
            http: {port: [1]}                      | http.port must be a plain value
            http: {host: ''}                       | http: a server listens on a host
            http: {keepAliveSeconds: -1}           | http.keepAliveSeconds must be a whole number from 0 to 600
            http: {keepAliveSeconds: 601}          | http.keepAliveSeconds must be a whole number from 0 to 600
            http: {keepAliveSeconds: 1.5}          | http.keepAliveSeconds must be a whole number from 0 to 600
            http: {corsOrigins: 'https://a.b'}     | http.corsOrigins must be a list
            http: {corsOrigins: [{a: b}]}          | http.corsOrigins must be a list of plain values
            http: {corsOrigins: ['*']}             | '*' in corsOrigins is no origin
            http: {corsOrigins: ['https://a.b/']}  | write it as a browser sends it
            http: {corsOrigin: []}                 | did you mean http.corsOrigins?
            http: 8080                             | http must be a mapping
            {http: {port: 1, port: 2}}             | port
            upstreams: {a: {}}                     | upstreams.a.baseUrl is missing
            upstreams: {a: {baseUrl: 'ftp://x'}}   | begins with http:// or https://
            upstreams: {a: {baseUrl: 'no url'}}    | upstreams.a.baseUrl is no URL
            upstreams: {a: {baseUrl: 'http://u:sk-1@no url'}} | upstreams.a.baseUrl is no URL
            upstreams: {sample: {baseUrl: 'x'}}    | 'sample' is the name of the built-in upstream
            upstreams: {a: {baseUrl: 'http://x', apiKey: sk-1}} | set IMAGE_RELAY_UPSTREAMS_A_API_KEY
            upstreams: {a: {baseUrl: 'http://x', keyHeader: basic}} | must be bearer or api-key, not 'basic'
            upstreams: {a: {baseUrl: 'http://x', apiKeyFile: /does/not/exist}} | apiKeyFile cannot be read
            [1, 2]                                 | the top level must be a mapping
            http: {port:                           | line 1
            """)
    void aMistakeInTheFileIsNamed(String yaml, String named) throws IOException {
        Path file = file(yaml);

        ConfigurationError error = assertThrows(ConfigurationError.class, () -> Settings.read(file, Map.of()));

        assertTrue(error.getMessage().startsWith(file.toString()), error.getMessage());
        assertTrue(error.getMessage().contains(named), error.getMessage());
        assertFalse(error.getMessage().contains("sk-1"), "a secret is not repeated");
    }

    @Test
    void everyMistakeIsNamedAtOnce() throws IOException {
        Path file = file("""
                http: {port: eighty, maxInFlight: 0, hots: x}
                admin: 8081
                results: {minutes: soon}
                spool: [a]
                upstreams:
                  a: {connectSeconds: 0}
                  b: {baseUrl: 'ftp://x', apiKey: sk-1}
                  c: {baseUrl: 'http://x', idle: 1}
                catalog: x
                """);

        ConfigurationError error = assertThrows(ConfigurationError.class, () -> Settings.read(file, Map.of(
                "IMAGE_RELAY_HTTP_HOTS", "y", "IMAGE_RELAY_UPSTREAMS_A_API_KEY", "sk-2",
                "IMAGE_RELAY_ADMIN_URL", "http://127.0.0.1:1")));

        List<String> told = error.getMessage().lines()
                .map(line -> line.replace(file + ": ", "").replaceAll("^environment variable ", "").split(" ")[0])
                .toList();
        assertEquals(
                List.of("http.port", "http.maxInFlight", "http.hots", "admin", "spool", "results.minutes",
                        "upstreams.a.baseUrl", "upstreams.b.apiKey", "the", "upstreams.c.idle", "catalog",
                        "IMAGE_RELAY_HTTP_HOTS"),
                told, error.getMessage());
    }

    @Test
    void theMetricsMayHaveATokenOfTheirOwn() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "prometheus\n");

        Settings settings = Settings.read(
                file("admin: {metricsTokenFile: " + token + "}"),
                Map.of("IMAGE_RELAY_ADMIN_TOKEN", "administrator"));

        assertEquals(Optional.of("prometheus"), settings.admin().orElseThrow().metricsToken());
        assertEquals("********", settings.effective().get("admin.metricsToken"));
        assertFalse(settings.toString().contains("prometheus"), settings.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            administrator | administrator | another than the administrator's
            administrator | short         | the token for metrics has at least 8
                          | prometheus    | does nothing without admin.token
            """)
    void aTokenForMetricsOnlyMakesSenseBesideAnother(String admin, String metrics, String named) {
        Map<String, String> environment = new HashMap<>(Map.of("IMAGE_RELAY_ADMIN_METRICS_TOKEN", metrics));
        Optional.ofNullable(admin).ifPresent(token -> environment.put("IMAGE_RELAY_ADMIN_TOKEN", token));

        ConfigurationError error = assertThrows(
                ConfigurationError.class, () -> Settings.read(Settings.USUAL_FILE, environment));

        assertTrue(error.getMessage().contains(named), error.getMessage());
    }

    @Test
    void aMisspeltVariableIsNamed() {
        ConfigurationError error = assertThrows(
                ConfigurationError.class,
                () -> Settings.read(Settings.USUAL_FILE, Map.of("IMAGE_RELAY_HTTP_PROT", "1")));

        assertEquals(
                "environment variable IMAGE_RELAY_HTTP_PROT is not a known setting; did you mean IMAGE_RELAY_HTTP_PORT?",
                error.getMessage());
    }

    @Test
    void aFileThatWasAskedForMustBeThere() {
        Path absent = directory.resolve("absent.yaml");

        ConfigurationError error = assertThrows(ConfigurationError.class, () -> Settings.read(absent, Map.of()));

        assertTrue(error.getMessage().contains(absent.toString()), error.getMessage());
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("image-relay.yaml"), yaml);
    }
}
