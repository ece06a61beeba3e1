package dev.imagerelay.domain.account;

import dev.imagerelay.domain.pricing.Credits;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How much may be ordered in a time, by all keys of an account together or by one of them. Empty: as much as one likes.
 *
 * @param requestsPerMinute the most orders in a minute, at least 1
 * @param imagesPerMinute   the most pictures ordered in a minute, at least 1
 * @param requestsAtOnce    the most orders in flight at a time, at least 1
 * @param creditsPerDay     the most credits spent in a day, from midnight to midnight in UTC
 */
public record Limits(
        Optional<Integer> requestsPerMinute,
        Optional<Integer> imagesPerMinute,
        Optional<Integer> requestsAtOnce,
        Optional<Credits> creditsPerDay) {

    /** No limit at all. */
    public static final Limits NONE =
            new Limits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Limits {
        require(requestsPerMinute, "request per minute");
        require(imagesPerMinute, "image per minute");
        require(requestsAtOnce, "request at a time");
    }

    /** In words, such as {@code 60 requests per minute, 10 credits per day}. */
    @Override
    public String toString() {
        String words = Stream.of(
                        requestsPerMinute.map(most -> most + " requests per minute"),
                        imagesPerMinute.map(most -> most + " images per minute"),
                        requestsAtOnce.map(most -> most + " requests at once"),
                        creditsPerDay.map(most -> most + " credits per day"))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
        return words.isEmpty() ? "no limits" : words;
    }

    private static void require(Optional<Integer> limit, String what) {
        if (limit.isPresent() && limit.get() < 1) {
            throw new IllegalArgumentException("a limit allows at least 1 " + what + ", not " + limit.get());
        }
    }
}
