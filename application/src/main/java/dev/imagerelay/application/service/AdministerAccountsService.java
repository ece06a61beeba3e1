package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AccountState;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.account.KeyScope;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** The back office over the stores. */
final class AdministerAccountsService implements AdministerAccounts {

    private final Accounts accounts;
    private final ApiKeys keys;
    private final CreditLedger ledger;
    private final InstantSource time;
    private final RandomGenerator random;
    private final String who;

    AdministerAccountsService(
            Accounts accounts,
            ApiKeys keys,
            CreditLedger ledger,
            InstantSource time,
            RandomGenerator random,
            String who) {
        this.accounts = accounts;
        this.keys = keys;
        this.ledger = ledger;
        this.time = time;
        this.random = random;
        this.who = who;
    }

    @Override
    public AdministerAccounts by(String who) {
        return new AdministerAccountsService(accounts, keys, ledger, time, random, who);
    }

    @Override
    public Account open(String name) {
        Account account = new Account(new AccountId(newId("acct")), name);
        accounts.add(account, record("open account", account.id().value(), Optional.empty(), Optional.of(name)));
        return account;
    }

    @Override
    public Optional<Account> change(AccountId account, Optional<AccountState> state, UnaryOperator<Limits> limits) {
        return accounts.change(
                account,
                before -> before.in(state.orElse(before.state())).within(limits.apply(before.limits())),
                (before, after) -> record("change account", account.value(), words(before), words(after)));
    }

    private static Optional<String> words(Account account) {
        return Optional.of(account.state() + ", " + account.limits());
    }

    @Override
    public Optional<IssuedKey> issueKey(AccountId account, String name, KeyScope scope) {
        return accounts.find(account).map(owner -> issue(owner.id(), name, scope));
    }

    private IssuedKey issue(AccountId account, String name, KeyScope scope) {
        ApiKeySecret secret = ApiKeySecret.make(random);
        ApiKey key = key(secret, account, name, scope);
        keys.add(key, record("issue key", key.prefix(), Optional.empty(), words(key)));
        return new IssuedKey(key, secret);
    }

    private ApiKey key(ApiKeySecret secret, AccountId account, String name, KeyScope scope) {
        return new ApiKey(secret.prefix(), account, name, secret.digest(), scope, time.instant(), Optional.empty());
    }

    private static Optional<String> words(ApiKey key) {
        return Optional.of("of " + key.account() + ", " + key.scope());
    }

    @Override
    public Optional<IssuedKey> rollKey(String prefix, Duration overlap) {
        Instant now = time.instant();
        ApiKeySecret secret = ApiKeySecret.make(random);
        return keys.roll(
                        prefix,
                        now,
                        old -> old.with(old.scope().endingAt(now.plus(overlap))),
                        old -> key(secret, old.account(), old.name(), old.scope()),
                        (old, made) -> record("roll key", prefix, words(old), Optional.of("to " + made.prefix())))
                .map(made -> new IssuedKey(made, secret));
    }

    @Override
    public Optional<ApiKey> changeKey(String prefix, UnaryOperator<KeyScope> scope) {
        return keys.change(
                prefix,
                time.instant(),
                before -> before.with(scope.apply(before.scope())),
                (before, after) -> record("change key", prefix, words(before), words(after)));
    }

    @Override
    public boolean revokeKey(String prefix) {
        return keys.revoke(
                prefix, time.instant(), record("revoke key", prefix, Optional.of("working"), Optional.of("revoked")));
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
        return inAccount(account, Intent.grant(account, grant), "grant", order.amount() + " " + order.source());
    }

    @Override
    public Posting refund(RelayId relay, Credits amount, Note note) {
        Optional<Relay> known = ledger.relay(relay);
        return known.isPresent()
                ? ledger.post(Intent.refund(known.get().account(), relay, amount, note)
                        .audited(record("refund", relay.value(), Optional.empty(), Optional.of(words(amount, note)))))
                : new Posting.Contradicted("there is no relay " + relay);
    }

    @Override
    public Posting adjustUp(AccountId account, Credits amount, Note note) {
        Intent intent = Intent.adjustUp(account, new GrantId(newId("grant")), amount, note);
        return inAccount(account, intent, "adjust up", words(amount, note));
    }

    @Override
    public Posting adjustDown(AccountId account, Credits amount, Note note) {
        return inAccount(
                account, Intent.adjustDown(account, amount, note), "adjust down", words(amount, note));
    }

    private static String words(Credits amount, Note note) {
        return amount + ": " + note.reason();
    }

    private Posting inAccount(AccountId account, Intent intent, String action, String words) {
        return accounts.find(account).isPresent()
                ? ledger.post(intent.audited(
                        record(action, account.value(), Optional.empty(), Optional.of(words))))
                : new Posting.Contradicted("there is no account " + account);
    }

    private AuditRecord record(String action, String subject, Optional<String> before, Optional<String> after) {
        return new AuditRecord(time.instant(), who, action, subject, before, after);
    }

    private String newId(String what) {
        byte[] bits = new byte[12];
        random.nextBytes(bits);
        return what + "_" + HexFormat.of().formatHex(bits);
    }
}
