package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The back office over the stores. */
final class AdministerAccountsService implements AdministerAccounts {

    private final Accounts accounts;
    private final ApiKeys keys;
    private final CreditLedger ledger;
    private final InstantSource time;
    private final RandomGenerator random;

    AdministerAccountsService(
            Accounts accounts, ApiKeys keys, CreditLedger ledger, InstantSource time, RandomGenerator random) {
        this.accounts = accounts;
        this.keys = keys;
        this.ledger = ledger;
        this.time = time;
        this.random = random;
    }

    @Override
    public Account open(String name) {
        Account account = new Account(new AccountId(newId("acct")), name);
        accounts.add(account);
        return account;
    }

    @Override
    public Optional<IssuedKey> issueKey(AccountId account) {
        if (accounts.find(account).isEmpty()) {
            return Optional.empty();
        }
        ApiKeySecret secret = ApiKeySecret.make(random);
        ApiKey key = new ApiKey(secret.prefix(), account, secret.digest(), time.instant(), Optional.empty());
        keys.add(key);
        return Optional.of(new IssuedKey(key, secret));
    }

    @Override
    public boolean revokeKey(String prefix) {
        return keys.revoke(prefix, time.instant());
    }

    @Override
    public Posting grant(AccountId account, GrantOrder order) {
        Grant grant = Grant.of(
                new GrantId(newId("grant")),
                order.source(),
                order.priority(),
                order.expiresAt(),
                time.instant(),
                order.externalId(),
                order.amount());
        return inAccount(account, Intent.grant(account, grant));
    }

    @Override
    public Posting refund(RelayId relay, Credits amount, Note note) {
        Optional<Relay> known = ledger.relay(relay);
        return known.isPresent()
                ? ledger.post(Intent.refund(known.get().account(), relay, amount, note))
                : new Posting.Contradicted("there is no relay " + relay);
    }

    @Override
    public Posting adjustUp(AccountId account, Credits amount, Note note) {
        return inAccount(account, Intent.adjustUp(account, new GrantId(newId("grant")), amount, note));
    }

    @Override
    public Posting adjustDown(AccountId account, Credits amount, Note note) {
        return inAccount(account, Intent.adjustDown(account, amount, note));
    }

    private Posting inAccount(AccountId account, Intent intent) {
        return accounts.find(account).isPresent()
                ? ledger.post(intent)
                : new Posting.Contradicted("there is no account " + account);
    }

    private String newId(String what) {
        byte[] bits = new byte[12];
        random.nextBytes(bits);
        return what + "_" + HexFormat.of().formatHex(bits);
    }
}
