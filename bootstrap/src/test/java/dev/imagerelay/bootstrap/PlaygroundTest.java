package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.bootstrap.browser.Chromium;
import dev.imagerelay.bootstrap.browser.Tab;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The playground in a browser: what it shows is what is held and charged, and nothing is bought twice. */
class PlaygroundTest {

    private static Chromium chromium;

    @BeforeAll
    static void start() throws IOException {
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void thePageLoadsNothingFromElsewhere() throws IOException {
        try (RunningRelay relay = RunningRelay.onSample("10"); Tab tab = chromium.open()) {
            tab.withoutPolicy().go(relay.uri("/"));

            assertEquals("playground", tab.text("h1"));
            assertEquals(List.of(), tab.complaints());
            assertEquals(List.of(), tab.barriers());
        }
    }
}
