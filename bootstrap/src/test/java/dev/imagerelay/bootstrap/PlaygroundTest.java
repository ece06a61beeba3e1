package dev.imagerelay.bootstrap;

import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.bootstrap.browser.Tab.quoted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.bootstrap.browser.Chromium;
import dev.imagerelay.bootstrap.browser.Tab;
import dev.imagerelay.domain.account.ApiKeySecret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The playground in a browser: what it shows is what is held and charged, and nothing is ever bought twice. */
@Timeout(60)
class PlaygroundTest {

    private static final String PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
            + "AAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    private static final String PICTURE = "{\"created\":1,\"data\":[{\"b64_json\":\"" + PNG + "\"}]}";
    private static final String ORDER = "{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"size\":\"1024x1024\"}";
    private static final List<String> ONE_PICTURE = List.of("granted 10", "held 1", "settled 1");

    private static Chromium chromium;
    private static MisbehavingUpstream upstream;
    private static RunningRelay relay;
    private static volatile Script answer;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private Tab tab;

    @BeforeAll
    static void start() throws IOException {
        chromium = Chromium.start();
        upstream = MisbehavingUpstream.answering(wire -> answer.play(wire));
        relay = RunningRelay.patientlyOn(upstream, "0");
    }

    @AfterAll
    static void stop() throws IOException {
        if (chromium != null) {
            relay.close();
            upstream.close();
            chromium.close();
        }
    }

    @BeforeEach
    void someoneComes() {
        relay.nextCustomer("10");
        answer = json(200, PICTURE);
        tab = chromium.open();
    }

    @AfterEach
    void theyLeave() throws InterruptedException {
        mayAnswer.countDown();
        tab.close();
        relay.awaitNothingHeld();
    }

    private void open() {
        tab.go(withKey("/")).await("document.body.dataset.ready");
    }

    private static URI withKey(String path) {
        return relay.uri(path + "#key=" + relay.key());
    }

    private void describe(String prompt) {
        tab.fill("#prompt", prompt).await("!document.getElementById('make').disabled");
    }

    private void awaitPictures(int count) {
        tab.await("document.querySelectorAll('#gallery > li').length == " + count);
    }

    private void answerWhenTold() {
        answer = wire -> {
            asked.countDown();
            mayAnswer.await();
            json(200, PICTURE).play(wire);
        };
    }

    @Test
    void aPictureIsDrawnForThePriceThatWasShown() {
        open();
        tab.choose("#model", "sample").awaitText("#price-total", "0.1 credits");
        describe("a lighthouse at dawn");
        tab.click("#make");
        awaitPictures(1);

        assertEquals("0.1 credits", tab.text("#gallery .cost"));
        tab.await("document.querySelector('#gallery img').naturalWidth == 256").awaitText("#balance", "9.9 credits");
        assertEquals(List.of("granted 10", "held 0.1", "settled 0.1"), relay.moves());
    }

    @Test
    void thePageLoadsNothingFromElsewhereAndKeepsTheKeyOutOfAddresses() {
        open();
        describe("a lighthouse at dawn");
        tab.click("#make");
        awaitPictures(1);
        tab.go(relay.uri("/credits")).awaitText("#available", "9");

        assertEquals(List.of(), tab.complaints());
        assertEquals(List.of(), tab.requests().stream().filter(url -> !url.startsWith(relay.uri("/") + "")).toList());
        assertFalse(tab.requests().stream().skip(1).anyMatch(url -> url.contains("sk-relay-")));
        tab.go(withKey("/?x")).await("document.body.dataset.ready");
        assertEquals(relay.uri("/?x").toString(), tab.script("location.href").asText());
    }

    @ParameterizedTest
    @CsvSource({"/, '#price-total'", "/credits, '#total'"})
    void aPageIsSmall(String path, String what) {
        tab.go(withKey(path)).awaitText(what, " credit");

        assertTrue(tab.bytes() > 20_000, "everything is counted");
        assertTrue(tab.bytes() < 150_000, tab.bytes() + " bytes");
    }

    @Test
    void howLongItTakesIsToldAsSoonAsItIsKnown() {
        open();
        describe("a lighthouse");
        assertEquals("", tab.text("#reason"));
        tab.click("#make");
        awaitPictures(1);
        tab.awaitText("#reason", "It usually takes about 1 s.");

        tab.script("localStorage.setItem('image-relay-seconds', '{\"gpt-image-2\":[300,3,12]}')");
        answerWhenTold();
        tab.click("#make").awaitText("#job-usual", "(usually about 12 s)");
    }

    @Test
    void aDoubleClickBuysOnce() {
        answerWhenTold();
        open();
        describe("a lighthouse");
        tab.doubleClick("#make").awaitText("#reason", "Your order is being made.");
        mayAnswer.countDown();
        awaitPictures(1);

        assertEquals(ONE_PICTURE, relay.moves());
    }

    /** When a page ends, what makes it stop there, and how one sees that it has. */
    private enum End {
        BEFORE_THE_ORDER_IS_SENT(
                "window.fetch = () => { window.isThere = true; return new Promise(() => {}); }", "window.isThere"),
        BEFORE_THE_ANSWER("", "true"),
        BETWEEN_PREVIEWS("", "document.getElementById('job-state').innerText.includes('Preview 1')"),
        BEFORE_THE_PICTURE_IS_KEPT(
                "IDBObjectStore.prototype.put = () => { window.isThere = true; return {}; }", "window.isThere"),
        BEFORE_THE_ORDER_IS_FORGOTTEN(
                "Storage.prototype.removeItem = () => { window.isThere = true; }", "window.isThere");

        private final String stop;
        private final String isThere;

        End(String stop, String isThere) {
            this.stop = stop;
            this.isThere = isThere;
        }
    }

    @ParameterizedTest
    @EnumSource
    void wheneverAPageEndsTheNextOneFetchesWhatWasOrdered(End end) throws InterruptedException {
        answer = wire -> {
            asked.countDown();
            if (end == End.BEFORE_THE_ANSWER) {
                mayAnswer.await();
            }
            wire.begin(StreamedExchanges.CHUNKED);
            StreamedExchanges.send(wire, StreamedExchanges.partial(0).replace("UFJF", PNG));
            if (end == End.BETWEEN_PREVIEWS) {
                mayAnswer.await();
            }
            StreamedExchanges.send(wire, StreamedExchanges.COMPLETED.replace("UElD", PNG));
            wire.chunk(new byte[0]);
        };
        int before = upstream.requests().size();
        open();
        describe("a lighthouse");
        tab.script(end.stop);
        tab.click("#make");
        if (end != End.BEFORE_THE_ORDER_IS_SENT) {
            asked.await();
        }
        tab.await(end.isThere).reload();
        mayAnswer.countDown();
        awaitPictures(1);
        tab.await("!Object.keys(localStorage).some(name => name.startsWith('image-relay-order'))");

        assertEquals(1, tab.count("#gallery > li"));
        assertEquals("1 credit", tab.text("#gallery .cost"));
        assertEquals(before + 1, upstream.requests().size());
        assertEquals(ONE_PICTURE, relay.moves());
        tab.reload();
        awaitPictures(1);
    }

    @Test
    void aTabMayBeClosedWhileAPictureIsMade() throws InterruptedException {
        answerWhenTold();
        int before = upstream.requests().size();
        open();
        describe("a lighthouse");
        tab.click("#make").awaitText("#job", "You may close this tab");
        asked.await();
        tab.script("sessionStorage.clear()"); // which is all that a new tab does not see
        tab.go(relay.uri("/")).awaitText("#reason", "Enter your API key first.");
        assertFalse(tab.script("JSON.stringify(localStorage)").asText().contains(relay.key()));
        mayAnswer.countDown();
        tab.fill("#key", relay.key());
        awaitPictures(1);

        assertEquals(before + 1, upstream.requests().size());
        assertEquals(ONE_PICTURE, relay.moves());
    }

    @Test
    void aPageThatIsTurnedAwayDoesNotForgetWhatItAskedFor() throws InterruptedException {
        answerWhenTold();
        open();
        describe("a lighthouse");
        tab.click("#make");
        asked.await();
        tab.script("sessionStorage.clear()");
        tab.go(relay.uri("/")).awaitText("#reason", "Enter your API key first.");
        tab.script("(() => { const real = fetch; let calls = 0; window.fetch = (path, options) =>"
                + " path.endsWith('/generations') && calls++ === 0 ? Promise.resolve(new Response("
                + "'{\"error\":{\"message\":\"Busy.\"}}', {status: 503, headers: {'x-request-id': 'req_1'}}))"
                + " : real(path, options); })()");
        tab.fill("#key", relay.key()).awaitText("#trouble", "Busy.");
        mayAnswer.countDown();
        tab.go(URI.create("about:blank")).go(relay.uri("/"));
        awaitPictures(1);

        assertEquals(ONE_PICTURE, relay.moves());
    }

    @Test
    void anAnswerThatIsLostOnItsWayIsAskedForAgain() {
        open();
        describe("a lighthouse");
        tab.script("(() => { const real = fetch; let lost = 0; window.fetch = async (path, options) => {"
                + " const answer = await real(path, options);"
                + " if (path.endsWith('/generations') && lost++ === 0) throw new TypeError('lost');"
                + " return answer; }; })()");
        tab.click("#make").awaitText("#trouble", "The connection broke off");
        assertEquals("First find out what became of the last order.", tab.text("#reason"));
        tab.click("#trouble button");
        awaitPictures(1);

        assertEquals("1 credit", tab.text("#gallery .cost"));
        assertEquals(ONE_PICTURE, relay.moves());
    }

    @Test
    void markupIsShownAsText() {
        String markup = "<img src=x onerror=\"window.fallen=1\"><b>bold</b>";
        answer = json(200, PICTURE.replace("{\"b64", "{\"revised_prompt\":" + quoted(markup) + ",\"b64"));
        open();
        describe(markup);
        tab.click("#make");
        awaitPictures(1);

        assertEquals(markup, tab.script("document.querySelector('#gallery .prompt').textContent").asText());
        tab.await("document.querySelector('#gallery dl').textContent.includes(" + quoted(markup) + ")");
        assertEquals(0, tab.count("#gallery b"));
        assertEquals(1, tab.count("#gallery img"));
        assertTrue(tab.script("window.fallen === undefined").asBoolean());
    }

    @Test
    void previewsAreShownWhileThePictureIsMade() {
        answer = wire -> {
            wire.begin(StreamedExchanges.CHUNKED);
            StreamedExchanges.send(wire, StreamedExchanges.partial(0).replace("UFJF", PNG));
            mayAnswer.await();
            StreamedExchanges.send(wire, StreamedExchanges.COMPLETED.replace("UElD", PNG));
            wire.chunk(new byte[0]);
        };
        open();
        describe("a lighthouse");
        tab.click("#make").awaitText("#job-state", "Preview 1");
        assertTrue(tab.script("document.getElementById('job-picture').checkVisibility()").asBoolean());
        assertEquals(0, tab.count("#gallery > li"));
        mayAnswer.countDown();
        awaitPictures(1);

        assertEquals("1 credit", tab.text("#gallery .cost"));
        assertEquals(ONE_PICTURE, relay.moves());
    }

    @Test
    void aRefusalIsToldInWordsWithItsCodeItsRequestAndItsCost() {
        answer = json(400, "{\"error\":{\"message\":\"Not <b>this</b>.\",\"type\":\"image_generation_user_error\","
                + "\"param\":null,\"code\":\"moderation_blocked\"}}");
        open();
        describe("something else");
        tab.click("#stream").click("#make").awaitText("#trouble", "Not <b>this</b>.");

        assertTrue(tab.text("#trouble").contains("Code moderation_blocked. Request req_"), tab.text("#trouble"));
        assertTrue(tab.text("#trouble").contains("It cost nothing."), tab.text("#trouble"));
        assertEquals(List.of("granted 10", "held 1", "released 1"), relay.moves());
        tab.await("!document.getElementById('make').disabled");
    }

    @Test
    void aWrongKeyAndNoneAreToldWhereTheyAreTyped() {
        tab.go(relay.uri("/")).awaitText("#reason", "Enter your API key first.");
        tab.fill("#key", "sk-relay-wrong").awaitText("#key-error", "Incorrect API key provided.");

        assertEquals("This API key is not taken.", tab.text("#reason"));
        assertTrue(tab.script("document.getElementById('make').disabled").asBoolean());
        tab.fill("#key", relay.key()).awaitText("#balance", "10 credits");
        assertFalse(tab.script("document.getElementById('key-error').checkVisibility()").asBoolean());

        describe("a lighthouse");
        tab.fill("#key", " ").awaitText("#access-state", "is needed");
        assertEquals("Enter your API key first.", tab.text("#reason"));
        assertTrue(tab.script("document.getElementById('make').disabled").asBoolean());
        assertEquals("-", tab.text("#price-total"));
    }

    @Test
    void aKeyThatIsRevokedMeanwhileIsToldWhereItIsTyped() {
        open();
        describe("a lighthouse");
        assertTrue(relay.wiring().administration().revokeKey(ApiKeySecret.read(relay.key()).orElseThrow().prefix()));
        tab.click("#make").awaitText("#trouble", "It cost nothing.");
        tab.awaitText("#key-error", "Incorrect API key provided.");

        assertEquals("This API key is not taken.", tab.text("#reason"));
        assertTrue(tab.script("document.getElementById('make').disabled").asBoolean());
        assertEquals(List.of("granted 10"), relay.moves());
    }

    @Test
    void whoseCreditsAreHeldIsToldAndMayGoOnWhenTheyComeBack() throws Exception {
        relay.nextCustomer("1");
        answer = wire -> {
            asked.countDown();
            mayAnswer.await();
            json(400, "{\"error\":{\"message\":\"No.\"}}").play(wire);
        };
        CompletableFuture<HttpResponse<byte[]>> other =
                relay.sendLater(relay.request("/v1/images/generations", ORDER));
        asked.await();
        open();
        tab.fill("#prompt", "a lighthouse").awaitText(
                "#reason", "this needs 1, you have 0. Orders being made hold 1: wait until they have ended.");
        assertTrue(tab.script("document.getElementById('make').disabled").asBoolean());
        mayAnswer.countDown();
        assertEquals(400, other.get().statusCode());

        tab.await("!document.getElementById('make').disabled").awaitText("#balance", "1 credit");
    }

    @Test
    void anUpstreamThatIsDownIsToldAndTheNextPressWorks() {
        answer = json(503, "{\"error\":{\"message\":\"Down.\"}}");
        open();
        describe("a lighthouse");
        tab.click("#make").awaitText("#trouble", "The picture was not made").awaitText("#trouble", "It cost nothing.");
        String told = tab.text("#trouble");
        assertTrue(told.matches("(?s).*\\.\\s+Code \\w+\\. Request req_\\w+\\. .*"), told);
        assertEquals(List.of("granted 10", "held 1", "released 1"), relay.moves());
        answer = json(200, PICTURE);
        tab.await("!document.getElementById('make').disabled").click("#make");
        awaitPictures(1);

        assertFalse(tab.script("document.getElementById('trouble').checkVisibility()").asBoolean());
        assertEquals("1 credit", tab.text("#gallery .cost"));
        assertEquals(List.of("granted 10", "held 1", "released 1", "held 1", "settled 1"), relay.moves());
    }

    @Test
    void onASlowNetworkNoOldPriceIsCurrentAndAPictureIsPaidForOnce() {
        answer = json(200, PICTURE.replace("}]}", "},{\"revised_prompt\":\"" + "x".repeat(20_000)
                + "\",\"b64_json\":\"" + PNG + "\"}]}"));
        open();
        describe("a lighthouse");
        tab.slow(400, 40_000).script("(() => { const say = id => document.getElementById(id).innerText;"
                + " window.looks = 0; const look = () => { looks++;"
                + " const current = document.getElementById('price').ariaBusy === 'false';"
                + " const count = document.getElementById('count').value;"
                + " window.stale ||= (current || !document.getElementById('make').disabled)"
                + " && say('price-total').split(' ')[0] !== count; requestAnimationFrame(look); }; look(); })()");
        tab.fill("#count", "3");
        assertEquals("Asking for the price...", tab.text("#reason"));
        tab.fill("#count", "2").await("!document.getElementById('make').disabled");
        assertEquals("2 credits", tab.text("#price-total"));
        tab.click("#make");
        awaitPictures(2);
        tab.awaitText("#balance", "8 credits");

        assertTrue(tab.script("looks > 9 && stale === false").asBoolean());
        assertEquals(List.of("granted 10", "held 2", "settled 2"), relay.moves());
    }

    @Test
    void whoHasTooFewCreditsIsToldBefore() {
        open();
        describe("four large ones");
        tab.fill("#count", "4").await("!document.getElementById('make').disabled");
        tab.script("document.querySelectorAll('#sizes input')[2].click()");
        tab.awaitText("#reason", "Not enough credits: this needs 16, you have 10.");

        assertTrue(tab.script("document.getElementById('make').disabled").asBoolean());
        assertEquals("16 credits", tab.text("#price-total"));
    }

    @Test
    void aLateAnswerDoesNotReplaceANewerOne() {
        open();
        tab.awaitText("#price-total", "1 credit");
        tab.script("(() => { const real = fetch; let calls = 0; window.fetch = async (path, options) => {"
                + " const first = calls++ === 0; const answer = await real(path, {...options, signal: undefined});"
                + " if (first) { await new Promise(done => window.release = done); window.late = true; }"
                + " return answer; }; })()");
        tab.fill("#count", "2").await("window.release").fill("#count", "3").awaitText("#price-total", "3 credits");
        tab.script("release()");
        tab.await("window.late").script("new Promise(done => setTimeout(done, 50))");

        assertEquals("3 credits", tab.text("#price-total"));
    }

    @Test
    void everythingCanBeDoneByKeyboard() {
        open();
        tab.script("document.getElementById('prompt').focus()");
        tab.type("a lighthouse").await("!document.getElementById('make').disabled");
        for (int i = 0; i < 20 && !tab.script("document.activeElement.id").asText().equals("make"); i++) {
            tab.key("Tab");
        }
        tab.key("Enter");
        awaitPictures(1);

        assertEquals(ONE_PICTURE, relay.moves());
    }

    @Test
    void nobodyMeetsABarrierAndAPhoneIsWideEnough() {
        relay.nextCustomer("1234567.891011");
        tab.withoutPolicy();
        open();
        tab.choose("#model", "sample").awaitText("#price-after", "1,234,567.791011 after");
        describe("a lighthouse, at " + "a".repeat(100));
        tab.click("#make");
        awaitPictures(1);
        tab.script("document.querySelectorAll('details').forEach(details => details.open = true)");

        assertEquals(List.of(), tab.barriers());
        assertEquals(List.of(), tab.dark().barriers());
        assertFalse(tab.width(360).isTooWide());
    }
}
