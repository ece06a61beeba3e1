package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.report.AuditLine;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What administrators have done. It is written together with what they do, and never changed. */
public interface AuditTrail {

    /** Records, durably, what changes nothing else here. */
    void add(AuditRecord record);

    /**
     * Records, the newest first.
     *
     * @param subject only of that account, key or relay; empty: of all
     * @param below   only records with a lower number than this; empty: from the newest
     * @param limit   the most to return, at least 1
     */
    List<AuditLine> records(Optional<String> subject, OptionalLong below, int limit);
}
