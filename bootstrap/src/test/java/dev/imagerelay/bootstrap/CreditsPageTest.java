package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.bootstrap.browser.Chromium;
import dev.imagerelay.bootstrap.browser.Tab;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.pricing.Credits;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller's account in a browser. */
@Timeout(60)
class CreditsPageTest {

    private static final String ORDER = "{\"model\":\"sample\",\"prompt\":\"x\",\"size\":\"256x256\"}";

    private static final String BAR = "document.querySelectorAll('#chart rect.accent').length == 1";

    private static Chromium chromium;
    private static RunningRelay relay;

    @BeforeAll
    static void spendSomething() throws Exception {
        chromium = Chromium.start();
        relay = RunningRelay.onSample("10");
        assertEquals(200, relay.generate(ORDER).statusCode());
        for (int i = 0; i < 60; i++) {
            relay.wiring().administration().adjustUp(
                    relay.account(), Credits.of("0.5"), new Note("Eve", "<b>because</b>"));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (chromium != null) {
            relay.close();
            chromium.close();
        }
    }

    @Test
    void itShowsWhatIsLeftAndWhereTheRestWent() {
        try (Tab tab = chromium.open()) {
            tab.go(relay.uri("/credits#key=" + relay.key())).awaitText("#available", "39.9");

            assertEquals("0.1", tab.text("#spent"));
            assertEquals("40", tab.text("#granted"));
            tab.await(BAR).awaitText("#chart", "sample").awaitText("#total", "0.1 credits in the last 30 days");
            assertTrue(tab.text("#grants").contains("purchased"), tab.text("#grants"));
            assertEquals(50, tab.count("#entries tbody tr"));
            assertTrue(tab.text("#entries").contains("<b>because</b> (Eve)"), tab.text("#entries"));
            tab.click("#more").await("document.querySelectorAll('#entries tbody tr').length == 63");
            assertFalse(tab.script("document.getElementById('more').checkVisibility()").asBoolean());
            assertTrue(tab.text("#entries").matches("(?s).*Paid for pictures\\s+0.1\\s+req_.*"), tab.text("#entries"));
            assertEquals(List.of(), tab.complaints());
        }
    }

    @Test
    void aWrongKeyIsToldAndShowsNothing() {
        try (Tab tab = chromium.open()) {
            tab.go(relay.uri("/credits")).fill("#key", "sk-relay-wrong").key("Enter");
            tab.awaitText("#state", "Incorrect API key provided.");

            assertFalse(tab.script("document.getElementById('account').checkVisibility()").asBoolean());
        }
    }

    @Test
    void nobodyMeetsABarrierAndAPhoneIsWideEnough() {
        try (Tab tab = chromium.open()) {
            tab.withoutPolicy().go(relay.uri("/credits#key=" + relay.key()));
            tab.await(BAR);
            tab.script("document.querySelectorAll('details').forEach(details => details.open = true)");

            assertEquals(List.of(), tab.barriers());
            assertEquals(List.of(), tab.dark().barriers());
            assertFalse(tab.width(360).isTooWide());
        }
    }
}
