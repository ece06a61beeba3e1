package dev.imagerelay.adapters.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.adapters.upstream.UpstreamSettings.Breaker;
import dev.imagerelay.adapters.upstream.UpstreamSettings.KeyHeader;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that cannot work are refused, and a key stays hidden. */
class UpstreamSettingsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @CsvSource({
        "https://api.example/v1, https://api.example/v1/images/generations",
        "https://api.example/v1/, https://api.example/v1/images/generations",
        "https://api.example/v1//, https://api.example/v1/images/generations",
        "HTTPS://api.example, HTTPS://api.example/images/generations",
        "http://127.0.0.1:8080/, http://127.0.0.1:8080/images/generations",
        "http://[::1]:8080/v1, http://[::1]:8080/v1/images/generations",
        "https://a.example/x%2Fy?api-version=2025-04-01, "
                + "https://a.example/x%2Fy/images/generations?api-version=2025-04-01",
    })
    void generationsAreBehindThePathAndBeforeTheQuery(URI baseUrl, URI generations) {
        assertEquals(generations, UpstreamSettings.of("main", baseUrl, Optional.empty()).generations());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ftp://api.example/v1", "//api.example/v1", "/v1", "v1", "http:v1", "https:///v1",
        "https://user@api.example/v1", "https://user:hush@api.example/v1",
        "https://api.example/v1#there", "https://under_score/v1"
    })
    void aUrlThatCannotBeAskedIsRefused(URI baseUrl) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> UpstreamSettings.of("main", baseUrl, Optional.empty()));
        assertFalse(refused.getMessage().contains("hush"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "sk 1", "sk\n1", "sk-é"})
    void aKeyThatNoHeaderCanCarryIsRefusedWithoutTellingIt(String key) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> UpstreamSettings.of("main", URI.create("https://api.example"), Optional.of(key)));
        assertEquals("the upstream 'main' must have a key of visible ASCII characters, or none at all",
                refused.getMessage());
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> settings(" ", 1, SECOND, SECOND, SECOND, 1));
        assertThrows(IllegalArgumentException.class, () -> settings("main", 0, SECOND, SECOND, SECOND, 1));
        assertThrows(IllegalArgumentException.class, () -> settings("main", 1, Duration.ZERO, SECOND, SECOND, 1));
        assertThrows(IllegalArgumentException.class,
                () -> settings("main", 1, SECOND, Duration.ofSeconds(-1), SECOND, 1));
        assertThrows(IllegalArgumentException.class,
                () -> settings("main", 1, SECOND, SECOND, Duration.ofHours(25), 1));
        assertThrows(IllegalArgumentException.class, () -> settings("main", 1, SECOND, SECOND, SECOND, 0));
        settings("main", 1, Duration.ofMillis(1), Duration.ofDays(1), SECOND, 1);
    }

    @Test
    void theTextFormHidesTheKey() {
        UpstreamSettings settings =
                UpstreamSettings.of("main", URI.create("https://api.example/v1"), Optional.of("sk-secret"));
        assertEquals("upstream main at api.example with a key", settings.toString());
    }

    private static UpstreamSettings settings(
            String name, int connections, Duration connect, Duration idle, Duration total, long bytes) {
        return new UpstreamSettings(name, URI.create("https://api.example"), Optional.empty(), KeyHeader.BEARER,
                connections, connect, idle, total, bytes, Breaker.USUAL);
    }
}
