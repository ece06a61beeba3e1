package dev.imagerelay.domain.account;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that an administrator has done.
 *
 * @param at      when
 * @param who     who, 1 to 100 characters
 * @param action  what, in a few words, such as {@code suspend account}
 * @param subject to what: the id of an account or a relay, or the prefix of a key
 * @param before  what it was, in words; empty: it is new
 * @param after   what it is now, in words; empty: it has gone
 */
public record AuditRecord(
        Instant at, String who, String action, String subject, Optional<String> before, Optional<String> after) {

    public AuditRecord {
        if (who.isBlank() || who.length() > 100) {
            throw new IllegalArgumentException("whoever administers has a name of 1 to 100 characters");
        }
    }
}
