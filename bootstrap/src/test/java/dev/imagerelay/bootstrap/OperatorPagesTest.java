package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.bootstrap.browser.Chromium;
import dev.imagerelay.bootstrap.browser.Tab;
import dev.imagerelay.domain.relay.RelayId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An operator works in a browser, from the token to a refund, and nobody gets there without one. */
class OperatorPagesTest {

    private static Chromium chromium;
    private static RunningRelay relay;

    private Tab tab;

    @BeforeAll
    static void start() throws IOException {
        chromium = Chromium.start();
        relay = RunningRelay.onSample("10");
    }

    @AfterAll
    static void stop() throws IOException {
        if (chromium != null) {
            chromium.close();
            relay.close();
        }
    }

    @BeforeEach
    void open() {
        tab = chromium.open();
    }

    @AfterEach
    void close() {
        assertEquals(List.of(), tab.complaints());
        tab.close();
    }

    @Test
    void theTokenIsAskedForCheckedAndForgotten() {
        tab.go(admin("/"));
        tab.fill("[name=token]", "none-of-these").click("form button");
        tab.awaitText(".note.bad", "This is not the administrator's token.");
        assertTrue(tab.script("sessionStorage.length == 0").asBoolean());

        tab.fill("[name=token]", RunningRelay.ADMIN_TOKEN).key("Enter");
        tab.awaitText("h1", "Overview").reload().awaitText("h1", "Overview");
        assertTrue(tab.requests().stream().noneMatch(url -> url.contains(RunningRelay.ADMIN_TOKEN)));
        assertTrue(tab.requests().stream().allMatch(url -> url.startsWith(admin("/").toString())), "nothing from afar");
        assertTrue(tab.bytes() < 150_000, tab.bytes() + " bytes");

        tab.click("#session button").awaitText("h1", "Administration");
        assertTrue(tab.script("sessionStorage.length == 0").asBoolean());
    }

    @Test
    void anAccountIsOpenedGetsCreditsAndAKeyThatIsShownOnce() throws Exception {
        String name = "<img src=x onerror=\"window.fooled = true\">Ann";
        signIn().script("location.hash = '#/accounts'");
        tab.await("document.querySelector('#open')").fill("#open input", name).click("#open button");

        tab.awaitText("h1", name);
        assertFalse(tab.script("window.fooled == true || document.querySelector('main img') != null").asBoolean());
        tab.fill("#give [name=amount]", "12.5").fill("#give [name=external_id]", "payment-1").click("#give button");
        tab.awaitText(".figures", "12.5").await("!document.querySelector('#give [name=amount]').value");
        tab.fill("#give [name=amount]", "3").fill("#give [name=external_id]", "payment-1").click("#give button");
        tab.awaitText("#give [role=alert]", "payment-1");
        tab.fill("#issue [name=name]", "web").fill("#issue [name=models]", "gpt-image-2").click("#issue button");

        tab.awaitText("dialog", "shown once");
        String secret = tab.text("dialog pre");
        assertEquals(200, order(secret).statusCode());
        tab.click("dialog .primary").awaitText("main", "gpt-image-2").awaitText(".figures", "11.5");
        assertFalse(tab.script("document.documentElement.outerHTML").asText().contains(secret));
    }

    @Test
    void aRelayTellsHowItWentAndIsRefundedWhenThatIsMeant() throws Exception {
        RelayId id = new RelayId(order(relay.key()).headers().firstValue("x-request-id").orElseThrow());
        signIn().script("location.hash = '#/relays/" + id + "'");

        tab.awaitText(".timeline", "1 credit charged for 1 of 1 picture");
        assertEquals(2, tab.count(".timeline li"));
        tab.fill("#refund [name=reason]", "five legs").click("#refund button").awaitText("dialog", "Refund 1 credit?");
        tab.click("dialog button:not(.primary)").await("!document.querySelector('dialog')");
        assertEquals("0", wasRefunded(id));
        tab.click("#refund button").awaitText("dialog", "Refund 1 credit?");
        tab.click("dialog .primary").awaitText(".timeline", "admin: five legs");
        assertEquals("1", wasRefunded(id));
        tab.awaitText("main", "All that it cost has been given back.");
    }

    @Test
    void aNumberOfTheOverviewLeadsToItsRows() throws Exception {
        order(relay.key());
        signIn();
        String requests = tab.text(".figures .tile:nth-child(5) a");

        tab.click(".figures .tile:nth-child(5) a").awaitText("h1", "Relays");

        assertEquals(requests, String.valueOf(tab.count("tbody tr")));
        tab.script("history.back()");
        tab.awaitText("h1", "Overview").click(".lamp + .row button");
        tab.awaitText(".lamp.good", "Every credit is accounted for");
    }

    @Test
    void everyPageFitsAPhone() throws Exception {
        RelayId id = new RelayId(order(relay.key()).headers().firstValue("x-request-id").orElseThrow());
        signIn().width(360);
        for (String page : List.of(
                "/", "/accounts", "/accounts/" + relay.account(), "/relays", "/relays/" + id, "/relays?state=held",
                "/usage?by=account,outcome", "/prices", "/grants", "/losses", "/audit", "/settings")) {
            show(page);
            assertFalse(tab.isTooWide(), page);
        }
    }

    @Test
    void noPageHasABarrier() throws Exception {
        RelayId id = new RelayId(order(relay.key()).headers().firstValue("x-request-id").orElseThrow());
        tab.withoutPolicy();
        signIn();
        for (String page : List.of("/accounts/" + relay.account(), "/relays/" + id, "/usage?by=outcome", "/")) {
            show(page);
            assertEquals(List.of(), tab.barriers(), page);
        }
        tab.dark().await("document.getAnimations().length == 0");
        assertEquals(List.of(), tab.barriers(), "in the dark");
    }

    private void show(String page) {
        tab.script("document.querySelector('h1').dataset.old = ''; location.hash = '#" + page
                + "'; dispatchEvent(new HashChangeEvent('hashchange'))");
        tab.await("document.querySelector('h1:not([data-old])')");
    }

    private static URI admin(String path) {
        return URI.create("http://127.0.0.1:" + relay.wiring().adminPort().orElseThrow() + path);
    }

    private Tab signIn() {
        tab.go(admin("/")).await("document.querySelector('[name=token]')");
        return tab.fill("[name=token]", RunningRelay.ADMIN_TOKEN).key("Enter").awaitText("h1", "Overview");
    }

    private static HttpResponse<byte[]> order(String key) throws Exception {
        return relay.send(HttpRequest.newBuilder(relay.uri("/v1/images/generations"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Exchanges.ORDER)));
    }

    private static String wasRefunded(RelayId id) {
        return relay.wiring().database().ledger().relay(id).orElseThrow().refunded().toString();
    }
}
