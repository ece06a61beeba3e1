package dev.imagerelay.adapters.persistence;

import dev.imagerelay.domain.relay.RelayId;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A result in a file whose name tells everything about it but its age: {@code RELAY.LENGTH.CONTENT-TYPE}, the last in
 * the encoding of URLs. The length tells after a loss of power whether all of it had reached the disk.
 */
record ResultFile(RelayId relay, long length, String contentType, Instant since) {

    /** What a result counts beyond its length: about what it takes up beside it, so that there cannot be too many. */
    static final int EXTRA = 4096;

    private static final Pattern NAME =
            Pattern.compile("(req_[0-9a-f]{32})\\.([0-9]{1,18})\\.((?:[A-Za-z0-9.*_+-]|%[0-9A-F]{2})*)");

    /** What a name tells; empty if it is not the name of such a file. */
    static Optional<ResultFile> named(String name, Instant since) {
        Matcher parts = NAME.matcher(name);
        return parts.matches()
                ? Optional.of(new ResultFile(
                        new RelayId(parts.group(1)),
                        Long.parseLong(parts.group(2)),
                        URLDecoder.decode(parts.group(3), StandardCharsets.UTF_8),
                        since))
                : Optional.empty();
    }

    long size() {
        return length + EXTRA;
    }

    String name() {
        return relay + "." + length + "." + URLEncoder.encode(contentType, StandardCharsets.UTF_8);
    }
}
