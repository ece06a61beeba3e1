package dev.imagerelay.adapters.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an upstream is and how long it may take. Its text form hides whatever may be secret.
 *
 * @param name           how the catalogue's routes call it, not blank
 * @param baseUrl        an {@code http} or {@code https} address without user info and fragment, such as
 *                       {@code https://api.openai.com/v1}; {@code /images/generations} is put behind its path. A query
 *                       stays, as Azure's {@code ?api-version=...} needs it
 * @param apiKey         visible ASCII; empty: the upstream wants none
 * @param keyHeader      how the key is sent
 * @param maxConnections the most requests at one time, at least 1; any more are answered as busy at once
 * @param connectLimit   the longest wait for a connection, and for its TLS; 1 ms to 1 day, as the next two limits
 * @param idleLimit      the longest silence between two reads of an answer, and before its first byte
 * @param totalLimit     the longest time from the start to the last byte of the answer
 * @param maxAnswerBytes the largest answer, in bytes once decompressed, at least 1
 * @param breaker        when it is given a rest
 */
public record UpstreamSettings(
        String name,
        URI baseUrl,
        Optional<String> apiKey,
        KeyHeader keyHeader,
        int maxConnections,
        Duration connectLimit,
        Duration idleLimit,
        Duration totalLimit,
        long maxAnswerBytes,
        Breaker breaker) {

    private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]+");
    private static final Duration SHORTEST_LIMIT = Duration.ofMillis(1);
    private static final Duration LONGEST_LIMIT = Duration.ofDays(1);

    /** How a key is sent. */
    public enum KeyHeader {
        /** {@code Authorization: Bearer KEY}, as OpenAI wants it. */
        BEARER,
        /** {@code api-key: KEY}, as Azure wants it. */
        API_KEY
    }

    /**
     * When an upstream is not asked for a while.
     *
     * @param failures after so many failures in a row that are its own fault, at least 0; 0: never
     * @param pause    for how long, until a few orders are let through to see whether it works again; 1 ms to 1 day
     */
    public record Breaker(int failures, Duration pause) {

        /** After 5 failures, for 30 seconds. */
        public static final Breaker USUAL = new Breaker(5, Duration.ofSeconds(30));

        /** However often it fails. */
        public static final Breaker NEVER = new Breaker(0, SHORTEST_LIMIT);

        public Breaker {
            require(failures >= 0, "a breaker", "wait for 0 failures or more");
            require(isLimit(pause), "a breaker", "pause for 1 millisecond to 1 day");
        }
    }

    public UpstreamSettings {
        require(!name.isBlank(), "an upstream", "have a name");
        String who = "the upstream '" + name + "'";
        String scheme = baseUrl.getScheme();
        require("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme), who,
                "have a base URL that begins with http:// or https://");
        require(baseUrl.getHost() != null, who, "have a base URL with a valid host name");
        require(baseUrl.getRawUserInfo() == null, who, "have a base URL without user name and password");
        require(baseUrl.getRawFragment() == null, who, "have a base URL without a fragment");
        require(apiKey.isEmpty() || VISIBLE_ASCII.matcher(apiKey.get()).matches(), who,
                "have a key of visible ASCII characters, or none at all");
        require(maxConnections >= 1, who, "have at least 1 connection");
        require(isLimit(connectLimit) && isLimit(idleLimit) && isLimit(totalLimit), who,
                "have limits of 1 millisecond to 1 day");
        require(maxAnswerBytes >= 1, who, "be allowed to answer at least 1 byte");
    }

    /**
     * An upstream as most are: bearer key, 256 connections, 10 seconds to connect, 300 seconds of silence, 600 seconds
     * in total, 512 MiB, the usual breaker.
     */
    public static UpstreamSettings of(String name, URI baseUrl, Optional<String> apiKey) {
        return new UpstreamSettings(
                name,
                baseUrl,
                apiKey,
                KeyHeader.BEARER,
                256,
                Duration.ofSeconds(10),
                Duration.ofSeconds(300),
                Duration.ofSeconds(600),
                512L * 1024 * 1024,
                Breaker.USUAL);
    }

    /** Where generations are asked for. */
    URI generations() {
        String path = baseUrl.getRawPath().replaceAll("/+$", "") + "/images/generations";
        String query = baseUrl.getRawQuery() == null ? "" : "?" + baseUrl.getRawQuery();
        return URI.create(baseUrl.getScheme() + "://" + baseUrl.getRawAuthority() + path + query);
    }

    /** Where it is, without anything that may be secret. */
    String place() {
        return baseUrl.getPort() < 0 ? baseUrl.getHost() : baseUrl.getHost() + ":" + baseUrl.getPort();
    }

    private static boolean isLimit(Duration limit) {
        return limit.compareTo(SHORTEST_LIMIT) >= 0 && limit.compareTo(LONGEST_LIMIT) <= 0;
    }

    private static void require(boolean met, String who, String what) {
        if (!met) {
            throw new IllegalArgumentException(who + " must " + what);
        }
    }

    @Override
    public String toString() {
        String key = apiKey.isPresent() ? " with a key" : " without a key";
        return "upstream " + name + " at " + baseUrl.getHost() + key;
    }
}
