package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.report.GrantQuery;
import dev.imagerelay.domain.report.GrantRecord;
import dev.imagerelay.domain.report.Overview;
import dev.imagerelay.domain.report.RelayQuery;
import dev.imagerelay.domain.report.RelayRecord;
import dev.imagerelay.domain.report.UsageQuery;
import dev.imagerelay.domain.report.UsageRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the books say of the business. Everything is added up where it is kept. */
public interface Reports {

    /** The relays of a page, the newest first; empty if there are none (any more). */
    List<RelayRecord> relays(RelayQuery query);

    /** One relay in its time; empty if no credits were ever held for it. */
    Optional<RelayRecord> relay(RelayId id);

    /** What was entered for one relay, the oldest first. */
    List<Statement.Line> entries(RelayId relay);

    /** All grants of an account, in the order in which they are spent, used up and expired ones too. */
    List<Grant> grants(AccountId account);

    /** The grants of a page, the newest first; empty if there are none (any more). */
    List<GrantRecord> grants(GrantQuery query);

    /** What each of these accounts has now; whoever never had anything is left out. */
    Map<AccountId, Balance> balances(List<AccountId> accounts);

    /**
     * How the business stands.
     *
     * @param from where the time begins of which it tells
     * @param to   where that time ends, which does not belong to it
     */
    Overview overview(Instant from, Instant to);

    /**
     * Usage by period and group, the earliest period first and within it what was charged most; empty if none. If there
     * are more than {@code UsageQuery.MOST_ROWS}, the rest is left out, but for one that shows it.
     */
    List<UsageRow> usage(UsageQuery query);
}
