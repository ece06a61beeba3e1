package dev.imagerelay.domain.report;

import dev.imagerelay.domain.account.AuditRecord;

/**
 * A record of what an administrator has done, in its place.
 *
 * @param number grows with time
 * @param record the record
 */
public record AuditLine(long number, AuditRecord record) {}
