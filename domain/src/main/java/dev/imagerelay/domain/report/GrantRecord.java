package dev.imagerelay.domain.report;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Grant;

/**
 * A grant and whose it is.
 *
 * @param account whose
 * @param grant   the grant as it is now
 */
public record GrantRecord(AccountId account, Grant grant) {}
