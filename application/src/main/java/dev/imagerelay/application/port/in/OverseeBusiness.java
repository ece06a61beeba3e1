package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.report.AuditLine;
import dev.imagerelay.domain.report.GrantQuery;
import dev.imagerelay.domain.report.GrantRecord;
import dev.imagerelay.domain.report.Loss;
import dev.imagerelay.domain.report.Overview;
import dev.imagerelay.domain.report.RelayQuery;
import dev.imagerelay.domain.report.RelayRecord;
import dev.imagerelay.domain.report.UsageQuery;
import dev.imagerelay.domain.report.UsageRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Whatever an operator wants to know. It changes nothing. */
public interface OverseeBusiness {

    /** How the business stands, and what came in from a time to a later one. */
    Overview overview(Instant from, Instant to);

    /** Accounts in the order of their ids, those whose name has a text in it, behind one, or from the first. */
    List<Account> accounts(Optional<String> named, Optional<AccountId> after, int limit);

    /** What each of these accounts has now; whoever never had anything is left out. */
    Map<AccountId, Balance> balances(List<AccountId> accounts);

    /** One account; empty if there is none of that id. */
    Optional<Account> account(AccountId id);

    /** What an account has; nothing if there is none of that id. Takes longer the more there is. */
    Holdings holdings(AccountId account);

    /** The grants of a page, the newest first. */
    List<GrantRecord> grants(GrantQuery query);

    /** All keys of an account, the oldest first, revoked ones too. */
    List<ApiKey> keys(AccountId account);

    /** One key; empty if there is none with that public part. */
    Optional<ApiKey> key(String prefix);

    /** An account's entries, the newest first, those below a number, or from the newest. */
    Statement entries(AccountId account, OptionalLong below, int limit);

    /** The relays of a page, the newest first. */
    List<RelayRecord> relays(RelayQuery query);

    /** One relay with all that was entered for it; empty if there is none of that id. */
    Optional<RelayView> relay(RelayId id);

    /** Usage by period and group. */
    List<UsageRow> usage(UsageQuery query);

    /** What upstreams may have charged for since then while no customer paid. */
    List<Loss> losses(Instant since);

    /** Whatever is wrong with the books, a line for each; empty if every credit is accounted for. Takes its time. */
    List<String> verify();

    /** What administrators have done, the newest first, to one subject or to all, below a number or from the newest. */
    List<AuditLine> audit(Optional<String> subject, OptionalLong below, int limit);

    /**
     * What an account has.
     *
     * @param totals what it has now, and what became of everything that ever came in
     * @param grants its grants in the order in which they are spent, used up and expired ones too
     */
    record Holdings(Totals totals, List<Grant> grants) {}

    /**
     * A relay with all that was entered for it.
     *
     * @param record  the relay
     * @param entries the oldest first
     */
    record RelayView(RelayRecord record, List<Statement.Line> entries) {}
}
