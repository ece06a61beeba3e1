package dev.imagerelay.application;

import dev.imagerelay.domain.account.AuditRecord;
import java.time.Instant;
import java.util.Optional;

/** What tests put on record where they do not care. */
public final class Records {

    /** Something that somebody has done. */
    public static final AuditRecord ANY = new AuditRecord(
            Instant.parse("2026-11-22T12:00:00Z"), "olivia", "do something", "anything", Optional.empty(),
            Optional.of("done"));

    private Records() {}
}
