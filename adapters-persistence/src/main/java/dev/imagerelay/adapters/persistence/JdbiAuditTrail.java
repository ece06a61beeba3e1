package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.AuditTrail;
import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.report.AuditLine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Records in a table, each written in the transaction of what it tells of. */
final class JdbiAuditTrail implements AuditTrail {

    private final Writer writer;
    private final Reader reader;

    JdbiAuditTrail(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public void add(AuditRecord record) {
        writer.write(handle -> {
            add(handle, record);
            return record;
        });
    }

    /** Writes a record beside what it tells of. */
    static void add(Handle handle, AuditRecord record) {
        Columns.Statement.execute(handle, List.of(addAll(List.of(record))));
    }

    /** Makes records part of the transaction. */
    static Columns.Statement addAll(List<AuditRecord> records) {
        return Columns.of(records)
                .time("at", AuditRecord::at)
                .text("who", AuditRecord::who)
                .text("action", AuditRecord::action)
                .text("subject", AuditRecord::subject)
                .text("was", record -> record.before().orElse(null))
                .text("became", record -> record.after().orElse(null))
                .in("""
                        INSERT INTO audit (at, who, action, subject, was, became)
                        SELECT at, who, action, subject, was, became FROM %s ORDER BY place
                        """);
    }

    @Override
    public List<AuditLine> records(Optional<String> subject, OptionalLong below, int limit) {
        return reader.read(handle -> handle.createQuery("""
                        SELECT * FROM audit WHERE number < :below %s ORDER BY number DESC LIMIT :limit
                        """.formatted(subject.isPresent() ? "AND subject = :subject" : ""))
                .bind("below", below.orElse(Long.MAX_VALUE))
                .bindMap(subject.map(of -> Map.of("subject", of)).orElse(Map.of()))
                .bind("limit", limit)
                .map((row, context) -> new AuditLine(row.getLong("number"), new AuditRecord(
                        Rows.instant(row, "at"),
                        row.getString("who"),
                        row.getString("action"),
                        row.getString("subject"),
                        Optional.ofNullable(row.getString("was")),
                        Optional.ofNullable(row.getString("became")))))
                .list());
    }
}
