package dev.imagerelay.domain.relay;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Names one relayed request: the {@code x-request-id} of its answer, and its name in the books.
 *
 * @param value {@code req_} and 32 hexadecimal digits, the form OpenAI uses
 */
public record RelayId(String value) {

    private static final Pattern FORM = Pattern.compile("req_[0-9a-f]{32}");

    public RelayId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a relay's id is req_ and 32 hexadecimal digits, not '" + value + "'");
        }
    }

    /** The id that has the 32 digits of a UUID; one of version 7 sorts by time, which indexes like. */
    public static RelayId of(UUID uuid) {
        return new RelayId("req_" + uuid.toString().replace("-", ""));
    }

    /** Reads an id somebody sent; empty if no relay can have it. */
    public static Optional<RelayId> read(String sent) {
        return FORM.matcher(sent).matches() ? Optional.of(new RelayId(sent)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
