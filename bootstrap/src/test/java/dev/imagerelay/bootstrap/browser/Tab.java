package dev.imagerelay.bootstrap.browser;

import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One page in a browser, used as a person does: with a mouse, a keyboard, and patience of some seconds. It remembers
 * what the page asked for and whatever the browser complained of. Elements are named by CSS selectors.
 */
public final class Tab implements AutoCloseable {

    private static final int DESK = 1280;
    private static final int HEIGHT = 900;
    private static final long PATIENCE_MILLIS = 20_000;

    private final DevTools tools;
    private final String context;
    private final String session;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    Tab(DevTools tools, String context, String session) {
        this.tools = tools;
        this.context = context;
        this.session = session;
        tools.listen(session, this::hear);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", DevTools.parameters());
        }
        width(DESK);
        prefer("light");
    }

    private JsonNode call(String method, ObjectNode parameters) {
        return tools.call(session, method, parameters);
    }

    private void hear(String event, JsonNode told) {
        switch (event) {
            case "Network.requestWillBeSent" -> requests.add(told.at("/request/url").asText());
            case "Runtime.exceptionThrown" -> complaints.add(told.at("/exceptionDetails").toString());
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning", "assert").contains(told.get("type").asText())) {
                    complaints.add(told.get("args").toString());
                }
            }
            case "Log.entryAdded" -> {
                // A refused request is written to the log by the browser, and shown to the user by the page.
                if (!told.at("/entry/source").asText().equals("network")) {
                    complaints.add(told.at("/entry/text").asText());
                }
            }
            default -> { }
        }
    }

    /** Goes there, and returns when the page is loaded with its scripts. */
    public Tab go(URI address) {
        return load("Page.navigate", DevTools.parameters().put("url", address.toString()));
    }

    /** Throws away the page with everything its scripts were doing, and loads it again. */
    public Tab reload() {
        return load("Page.reload", DevTools.parameters());
    }

    private Tab load(String how, ObjectNode parameters) {
        script("window.isOld = true");
        call(how, parameters);
        return await("!window.isOld && document.readyState == 'complete'");
    }

    /** What an expression, or a promise, has come to. */
    public JsonNode script(String expression) {
        JsonNode told = call("Runtime.evaluate", DevTools.parameters()
                .put("expression", expression).put("awaitPromise", true).put("returnByValue", true));
        if (told.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + told.at("/exceptionDetails/exception/description"));
        }
        return told.at("/result/value");
    }

    /** Waits until an expression is true. */
    public Tab await(String expression) {
        long start = System.nanoTime();
        while (!isTrue(expression)) {
            if (System.nanoTime() - start > PATIENCE_MILLIS * 1_000_000) {
                fail("never came true: " + expression + "; the page says: " + text("body") + complaints);
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return this;
    }

    private boolean isTrue(String expression) {
        try {
            return script("!!(" + expression + ")").asBoolean();
        } catch (IllegalStateException e) {
            return false; // between two pages there is nobody to ask
        }
    }

    /** Waits until an element shows this text, among other. */
    public Tab awaitText(String selector, String text) {
        return await("document.querySelector(" + quoted(selector) + ")?.innerText.includes(" + quoted(text) + ")");
    }

    /** What one element shows. */
    public String text(String selector) {
        return script(element(selector) + ".innerText").asText();
    }

    public int count(String selector) {
        return script("document.querySelectorAll(" + quoted(selector) + ").length").asInt();
    }

    public Tab click(String selector) {
        return press(selector, 1);
    }

    public Tab doubleClick(String selector) {
        return press(selector, 2);
    }

    private Tab press(String selector, int times) {
        JsonNode at = script("(e => { e.scrollIntoView({block: 'center', behavior: 'instant'});"
                + " const b = e.getBoundingClientRect(); return {x: b.x + b.width / 2, y: b.y + b.height / 2}; })("
                + element(selector) + ")");
        for (int time = 1; time <= times; time++) {
            for (String type : List.of("mousePressed", "mouseReleased")) {
                call("Input.dispatchMouseEvent", DevTools.parameters()
                        .put("type", type).put("button", "left").put("clickCount", time)
                        .put("x", at.get("x").asDouble()).put("y", at.get("y").asDouble()));
            }
        }
        return this;
    }

    /** Types this in place of what a field says. */
    public Tab fill(String selector, String text) {
        script("(e => { e.focus(); e.select(); })(" + element(selector) + ")");
        return text.isEmpty() ? key("Delete") : type(text);
    }

    /** Types this wherever the focus is. */
    public Tab type(String text) {
        call("Input.insertText", DevTools.parameters().put("text", text));
        return this;
    }

    /** Presses a key such as {@code Tab} or {@code Enter}. */
    public Tab key(String key) {
        int code = switch (key) {
            case "Tab" -> 9;
            case "Enter" -> 13;
            case "Space" -> 32;
            case "Delete" -> 46;
            default -> throw new IllegalArgumentException(key);
        };
        for (String type : List.of("keyDown", "keyUp")) {
            ObjectNode event = DevTools.parameters()
                    .put("type", type).put("key", key.equals("Space") ? " " : key).put("code", key)
                    .put("windowsVirtualKeyCode", code);
            if (type.equals("keyDown") && (code == 13 || code == 32)) {
                event.put("text", code == 13 ? "\r" : " ");
            }
            call("Input.dispatchKeyEvent", event);
        }
        return this;
    }

    /** Picks from a list. */
    public Tab choose(String selector, String value) {
        script("(e => { e.value = " + quoted(value) + "; for (const type of ['input', 'change'])"
                + " e.dispatchEvent(new Event(type, {bubbles: true})); })(" + element(selector) + ")");
        return this;
    }

    /** Makes the window this wide, in pixels of CSS. */
    public Tab width(int pixels) {
        call("Emulation.setDeviceMetricsOverride", DevTools.parameters()
                .put("width", pixels).put("height", HEIGHT).put("deviceScaleFactor", 1).put("mobile", pixels < 500));
        return this;
    }

    /** From now on every request takes this long to be answered, and bytes come and go this slowly. */
    public Tab slow(int millis, int bytesPerSecond) {
        call("Network.emulateNetworkConditions", DevTools.parameters()
                .put("offline", false).put("latency", millis)
                .put("downloadThroughput", bytesPerSecond).put("uploadThroughput", bytesPerSecond));
        return this;
    }

    /** Prefers dark pages from now on. */
    public Tab dark() {
        return prefer("dark");
    }

    /** Nothing moves, as what is on its way from one look to another has neither. */
    private Tab prefer(String scheme) {
        ObjectNode parameters = DevTools.parameters();
        ArrayNode features = parameters.putArray("features");
        features.addObject().put("name", "prefers-color-scheme").put("value", scheme);
        features.addObject().put("name", "prefers-reduced-motion").put("value", "reduce");
        call("Emulation.setEmulatedMedia", parameters);
        return this;
    }

    /** Lets tests bring scripts which the page's policy would not have; not for tests of that policy. */
    public Tab withoutPolicy() {
        call("Page.setBypassCSP", DevTools.parameters().put("enabled", true));
        return this;
    }

    /** Saves a picture of the whole page, for people to look at. */
    public void picture(Path file) {
        script("scrollTo(0, 0)");
        String png = call("Page.captureScreenshot", DevTools.parameters().put("captureBeyondViewport", true))
                .get("data").asText();
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode(png));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every address that the page has asked for, but for what it made itself. */
    public List<String> requests() {
        return requests.stream().filter(url -> !url.startsWith("blob:") && !url.startsWith("data:")).toList();
    }

    /** How many bytes the page is, with everything that it has loaded so far and without headers. */
    public int bytes() {
        return script("performance.getEntries().reduce((sum, one) => sum + (one.encodedBodySize ?? 0), 0)").asInt();
    }

    /** What the browser complained of: breaches of the page's policy, and errors in its scripts. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Whether one has to scroll sideways to see everything. */
    public boolean isTooWide() {
        return script("document.documentElement.scrollWidth > innerWidth").asBoolean();
    }

    /** Whatever a person who sees or uses a page differently would stumble over badly, as axe-core finds it. */
    public List<String> barriers() {
        try (InputStream in = Tab.class.getResourceAsStream("/axe.min.js")) {
            script(new String(in.readAllBytes(), StandardCharsets.UTF_8) + "; null");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> found = new ArrayList<>();
        script("axe.run().then(told => told.violations"
                        + ".filter(one => ['serious', 'critical'].includes(one.impact))"
                        + ".map(one => one.id + ': ' + one.nodes.map(node => node.html + ' ' + node.failureSummary)))")
                .forEach(barrier -> found.add(barrier.asText()));
        return found;
    }

    private static String element(String selector) {
        return "document.querySelector(" + quoted(selector) + ")";
    }

    /** The text as JavaScript has it. */
    public static String quoted(String text) {
        return DevTools.parameters().textNode(text).toString();
    }

    @Override
    public void close() {
        tools.call(null, "Target.disposeBrowserContext", DevTools.parameters().put("browserContextId", context));
    }
}
