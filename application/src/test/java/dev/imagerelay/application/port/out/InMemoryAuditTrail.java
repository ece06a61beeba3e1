package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.report.AuditLine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A trail that is gone with the process. */
public final class InMemoryAuditTrail implements AuditTrail {

    private final List<AuditLine> lines = new ArrayList<>();

    @Override
    public synchronized void add(AuditRecord record) {
        lines.add(new AuditLine(lines.size() + 1, record));
    }

    @Override
    public synchronized List<AuditLine> records(Optional<String> subject, OptionalLong below, int limit) {
        List<AuditLine> newestFirst = new ArrayList<>(lines);
        Collections.reverse(newestFirst);
        return newestFirst.stream()
                .filter(line -> subject.isEmpty() || line.record().subject().equals(subject.get()))
                .filter(line -> line.number() < below.orElse(Long.MAX_VALUE))
                .limit(limit)
                .toList();
    }
}
