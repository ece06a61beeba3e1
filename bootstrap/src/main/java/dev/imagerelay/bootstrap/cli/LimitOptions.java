package dev.imagerelay.bootstrap.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** How much an account or a key may order. */
final class LimitOptions {

    private static final String NUMBER = "N|none";

    @Option(names = "--requests-per-minute", paramLabel = NUMBER, converter = Cap.Count.class,
            description = "Orders in a minute.")
    private Cap requestsPerMinute;

    @Option(names = "--images-per-minute", paramLabel = NUMBER, converter = Cap.Count.class,
            description = "Pictures in a minute.")
    private Cap imagesPerMinute;

    @Option(names = "--requests-at-once", paramLabel = NUMBER, converter = Cap.Count.class,
            description = "Orders at a time.")
    private Cap requestsAtOnce;

    @Option(names = "--credits-per-day", paramLabel = "CREDITS|none", converter = Cap.Credits.class,
            description = "Credits in a day.")
    private Cap creditsPerDay;

    /** What was named; {@code null} takes a limit away. */
    Map<String, Object> chosen() {
        Map<String, Object> limits = new LinkedHashMap<>();
        put(limits, "requests_per_minute", requestsPerMinute);
        put(limits, "images_per_minute", imagesPerMinute);
        put(limits, "requests_at_once", requestsAtOnce);
        put(limits, "credits_per_day", creditsPerDay);
        return limits;
    }

    static void put(Map<String, Object> members, String name, Cap cap) {
        if (cap != null) {
            members.put(name, cap.value());
        }
    }
}
