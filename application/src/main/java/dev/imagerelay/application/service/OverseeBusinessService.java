package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.OverseeBusiness;
import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.application.port.out.AuditTrail;
import dev.imagerelay.application.port.out.Books;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.Reports;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Statement;
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

/** Asks every store what it has. */
final class OverseeBusinessService implements OverseeBusiness {

    private final Accounts accounts;
    private final ApiKeys keys;
    private final CreditLedger ledger;
    private final Reports reports;
    private final Books books;
    private final AuditTrail trail;

    OverseeBusinessService(
            Accounts accounts, ApiKeys keys, CreditLedger ledger, Reports reports, Books books, AuditTrail trail) {
        this.accounts = accounts;
        this.keys = keys;
        this.ledger = ledger;
        this.reports = reports;
        this.books = books;
        this.trail = trail;
    }

    @Override
    public Overview overview(Instant from, Instant to) {
        return reports.overview(from, to);
    }

    @Override
    public List<Account> accounts(Optional<String> named, Optional<AccountId> after, int limit) {
        return accounts.list(named, after, limit);
    }

    @Override
    public Map<AccountId, Balance> balances(List<AccountId> accounts) {
        return reports.balances(accounts);
    }

    @Override
    public Optional<Account> account(AccountId id) {
        return accounts.find(id);
    }

    @Override
    public Holdings holdings(AccountId account) {
        return new Holdings(ledger.totals(account), reports.grants(account));
    }

    @Override
    public List<GrantRecord> grants(GrantQuery query) {
        return reports.grants(query);
    }

    @Override
    public List<ApiKey> keys(AccountId account) {
        return keys.of(account);
    }

    @Override
    public Optional<ApiKey> key(String prefix) {
        return keys.find(prefix).map(ApiKeys.OwnedKey::key);
    }

    @Override
    public Statement entries(AccountId account, OptionalLong below, int limit) {
        return ledger.entries(account, below, limit);
    }

    @Override
    public List<RelayRecord> relays(RelayQuery query) {
        return reports.relays(query);
    }

    @Override
    public Optional<RelayView> relay(RelayId id) {
        return reports.relay(id).map(record -> new RelayView(record, reports.entries(id)));
    }

    @Override
    public List<UsageRow> usage(UsageQuery query) {
        return reports.usage(query);
    }

    @Override
    public List<Loss> losses(Instant since) {
        return books.losses(since);
    }

    @Override
    public List<String> verify() {
        return books.verify();
    }

    @Override
    public List<AuditLine> audit(Optional<String> subject, OptionalLong below, int limit) {
        return trail.records(subject, below, limit);
    }
}
