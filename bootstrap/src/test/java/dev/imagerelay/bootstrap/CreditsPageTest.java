package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.bootstrap.browser.Chromium;
import dev.imagerelay.bootstrap.browser.Tab;
import dev.imagerelay.domain.account.ApiKeySecret;
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

    private static final String RESULT = "document.querySelector('.result button')";

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
    void whatWasPaidForIsShownAsLongAsItIsKept() {
        try (Tab tab = chromium.open()) {
            tab.go(relay.uri("/credits#key=" + relay.key())).awaitText("#available", "39.9");
            tab.click("#more").await(RESULT).script("document.querySelector('.result button').focus()");
            tab.key("Enter").await("document.querySelector('.result img')?.naturalWidth == 256");

            assertTrue(tab.script("document.activeElement.className == 'result'").asBoolean());
            assertEquals(List.of(), tab.complaints());

            tab.script("(() => { const real = fetch; window.fetch = (path, options) =>"
                    + " real(path.replace('req_', 'req_0'), options); })()");
            tab.click("#access button").await("!document.querySelector('.result') && document.querySelector('#more')");
            tab.click("#more").await(RESULT).click(".result button").awaitText(".result", "No longer kept.");
        }
    }

    @Test
    void aKeyIsNeededAndOneThatIsRevokedMeanwhileIsTold() {
        try (Tab tab = chromium.open()) {
            tab.go(relay.uri("/credits")).click("#access button");
            assertTrue(tab.script("document.activeElement.id == 'key'").asBoolean());
            assertFalse(tab.requests().stream().anyMatch(url -> url.contains("/api/")));

            String another = relay.wiring().administration().issueKey(relay.account()).orElseThrow().secret().reveal();
            tab.fill("#key", another).key("Enter").awaitText("#available", "39.9");
            relay.wiring().administration().revokeKey(ApiKeySecret.read(another).orElseThrow().prefix());
            tab.click("#more").awaitText("#state", "Incorrect API key provided.");

            assertFalse(tab.script("document.getElementById('account').checkVisibility()").asBoolean());
            assertEquals(List.of(), tab.complaints());
        }
    }

    @Test
    void nobodyMeetsABarrierAndAPhoneIsWideEnough() {
        try (Tab tab = chromium.open()) {
            tab.withoutPolicy().go(relay.uri("/credits#key=" + relay.key()));
            tab.await(BAR).click("#more").await(RESULT).click(".result button");
            tab.await("document.querySelector('.result img')?.naturalWidth == 256");
            tab.script("document.querySelectorAll('details').forEach(details => details.open = true)");

            assertEquals(List.of(), tab.barriers());
            assertEquals(List.of(), tab.dark().barriers());
            assertFalse(tab.width(360).isTooWide());
        }
    }
}
