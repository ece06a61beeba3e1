package dev.imagerelay.application.service;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.SettableTime;
import dev.imagerelay.application.port.out.InMemoryAccounts;
import dev.imagerelay.application.port.out.InMemoryApiKeys;
import dev.imagerelay.application.port.out.InMemoryAuditTrail;
import dev.imagerelay.application.port.out.InMemoryCreditLedger;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/** The stores that the use cases work on, with one account, Ann's, in them. */
final class Shop {

    static final Caller ANN = new Caller(new AccountId("ann"), "sk-relay-annannan");

    final SettableTime time = new SettableTime();
    final InMemoryAuditTrail trail = new InMemoryAuditTrail();
    final InMemoryAccounts accounts = new InMemoryAccounts(trail);
    final InMemoryApiKeys keys = new InMemoryApiKeys(accounts, trail);
    final InMemoryCreditLedger ledger = new InMemoryCreditLedger(accounts, time, trail);
    private final AtomicInteger numbers = new AtomicInteger();

    Shop() {
        accounts.add(new Account(ANN.account(), "Ann"), Records.ANY);
    }

    /** Gives Ann credits that do not expire. */
    Shop with(String credits) {
        return with(credits, Optional.empty());
    }

    /** Gives Ann credits. */
    Shop with(String credits, Optional<Instant> expiresAt) {
        GrantId id = new GrantId("grant-" + numbers.incrementAndGet());
        ledger.post(Intent.grant(
                ANN.account(),
                Grant.of(
                        id, GrantSource.PURCHASED, 50, expiresAt, time.instant(), Optional.empty(),
                        Credits.of(credits))));
        return this;
    }

    RelayId nextRelay() {
        return new RelayId(String.format("req_%032x", numbers.incrementAndGet()));
    }

    /** What Ann has. */
    Balance balance() {
        return ledger.balance(ANN.account());
    }

    /** Ann's entries, the oldest first, such as {@code HELD 5}. */
    List<String> entries() {
        return ledger.entries(ANN.account(), OptionalLong.empty(), Integer.MAX_VALUE).lines().stream()
                .sorted((one, other) -> Long.compare(one.number(), other.number()))
                .map(Statement.Line::entry)
                .map(Shop::described)
                .toList();
    }

    private static String described(LedgerEntry entry) {
        return entry.kind() + " " + entry.amount();
    }

    static Balance balance(String available, String held) {
        return new Balance(Credits.of(available), Credits.of(held));
    }
}
