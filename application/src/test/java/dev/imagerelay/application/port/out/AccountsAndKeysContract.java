package dev.imagerelay.application.port.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.out.ApiKeys.OwnedKey;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AccountState;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.account.KeyScope;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.report.AuditLine;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What every store of accounts and keys must do. */
public abstract class AccountsAndKeysContract {

    private static final Instant ISSUED = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant REVOKED = ISSUED.plusSeconds(60);

    private final Account ann = new Account(new AccountId("ann"), "Ann's pictures");

    /** The accounts under test, none yet. */
    protected abstract Accounts accounts();

    /** What is done with them. */
    protected abstract AuditTrail trail();

    /** The keys of those accounts, none yet. */
    protected abstract ApiKeys keys();

    @Test
    void anAccountIsFoundByItsIdOnceItIsThere() {
        assertTrue(accounts().none());
        assertEquals(Optional.empty(), accounts().find(ann.id()));

        accounts().add(ann, Records.ANY);

        assertFalse(accounts().none());
        assertEquals(Optional.of(ann), accounts().find(ann.id()));
    }

    @Test
    void anIdIsTakenOnce() {
        accounts().add(ann, Records.ANY);

        assertThrows(IllegalArgumentException.class, () -> accounts().add(new Account(ann.id(), "Another"), Records.ANY));

        assertEquals(Optional.of(ann), accounts().find(ann.id()));
    }

    @Test
    void aKeyIsFoundByItsPrefixAsItWasAdded() {
        accounts().add(ann, Records.ANY);
        ApiKey key = key(1);

        keys().add(key, Records.ANY);

        assertEquals(Optional.of(new OwnedKey(key, ann)), keys().find(key.prefix()));
        assertEquals(List.of(key), keys().of(ann.id()));
        assertEquals(List.of(), keys().of(new AccountId("bob")));
        assertEquals(Optional.empty(), keys().find("sk-relay-absent00"));
        assertThrows(IllegalArgumentException.class, () -> keys().add(key, Records.ANY));
    }

    @Test
    void aKeyNeedsAnAccount() {
        assertThrows(IllegalArgumentException.class, () -> keys().add(key(1), Records.ANY));
    }

    @Test
    void aRevokedKeyStaysOnRecordWithItsTime() {
        accounts().add(ann, Records.ANY);
        ApiKey key = key(1);
        keys().add(key, Records.ANY);

        assertTrue(keys().revoke(key.prefix(), REVOKED, Records.ANY));
        assertFalse(keys().revoke(key.prefix(), REVOKED.plusSeconds(1), Records.ANY));
        assertFalse(keys().revoke("sk-relay-absent00", REVOKED, Records.ANY));

        assertEquals(Optional.of(REVOKED), keys().find(key.prefix()).orElseThrow().key().revokedAt());
    }

    @Test
    void anAccountIsChangedAsItIsThen() {
        accounts().add(ann, Records.ANY);
        Limits limits = new Limits(
                Optional.of(60), Optional.of(100), Optional.of(5), Optional.of(Credits.of("12.5")));

        accounts().change(ann.id(), before -> before.in(AccountState.SUSPENDED), (before, after) -> Records.ANY);
        Optional<Account> changed =
                accounts().change(ann.id(), before -> before.within(limits), (before, after) -> Records.ANY);

        assertEquals(Optional.of(ann.in(AccountState.SUSPENDED).within(limits)), changed);
        assertEquals(changed, accounts().find(ann.id()));
        assertEquals(
                Optional.empty(),
                accounts().change(new AccountId("bob"), before -> before, (before, after) -> Records.ANY));
    }

    @Test
    void accountsAreListedByTheirIds() {
        Account bob = new Account(new AccountId("bob"), "Bob");
        accounts().add(bob, Records.ANY);
        accounts().add(ann, Records.ANY);

        assertEquals(List.of(ann, bob), accounts().list(Optional.empty(), Optional.empty(), 10));
        assertEquals(List.of(ann), accounts().list(Optional.empty(), Optional.empty(), 1));
        assertEquals(List.of(bob), accounts().list(Optional.empty(), Optional.of(ann.id()), 10));
        assertEquals(List.of(), accounts().list(Optional.empty(), Optional.of(bob.id()), 10));
        assertEquals(List.of(bob), accounts().list(Optional.of("OB"), Optional.empty(), 10));
        assertEquals(List.of(), accounts().list(Optional.of("%"), Optional.empty(), 10));
    }

    @Test
    void aKeyKeepsItsScopeAndItIsChangedWhileTheKeyWorks() {
        accounts().add(ann, Records.ANY);
        KeyScope scope = new KeyScope(
                Set.of(new ModelId("gpt-image-2"), new ModelId("sample")),
                new Limits(Optional.of(1), Optional.of(2), Optional.of(3), Optional.of(Credits.of("4"))),
                Optional.of(Credits.of("5.000001")),
                Optional.of(ISSUED.plusSeconds(3600)));
        ApiKey key = key(1).with(scope);
        keys().add(key, Records.ANY);
        assertEquals(key, keys().find(key.prefix()).orElseThrow().key());

        assertEquals(Optional.of(key.with(KeyScope.ANYTHING)), change(key, before -> before.with(KeyScope.ANYTHING)));
        assertEquals(key.with(KeyScope.ANYTHING), keys().find(key.prefix()).orElseThrow().key());

        assertEquals(Optional.of(key), change(key, before -> before.with(scope)));
        assertEquals(
                Optional.empty(),
                keys().change(key.prefix(), ISSUED.plusSeconds(3600), before -> key, (before, after) -> Records.ANY),
                "it is over");
        keys().revoke(key.prefix(), REVOKED, Records.ANY);
        assertEquals(Optional.empty(), change(key, before -> before.with(KeyScope.ANYTHING)));
        assertEquals(Optional.empty(), change(key(2), before -> before));
    }

    private Optional<ApiKey> change(ApiKey key, UnaryOperator<ApiKey> change) {
        return keys().change(key.prefix(), ISSUED, change, (before, after) -> Records.ANY);
    }

    @Test
    void aKeyIsRolledWithItsSuccessorOrNotAtAll() {
        accounts().add(ann, Records.ANY);
        keys().add(key(1), Records.ANY);
        KeyScope ending = KeyScope.ANYTHING.endingAt(ISSUED.plusSeconds(60));

        Optional<ApiKey> made = keys().roll(
                key(1).prefix(), ISSUED, old -> old.with(ending), old -> key(2), (old, successor) -> record("roll"));

        assertEquals(Optional.of(key(2)), made);
        assertEquals(List.of(key(1).with(ending), key(2)), keys().of(ann.id()).stream()
                .sorted(Comparator.comparing(key -> key.scope().expiresAt().isEmpty()))
                .toList());
        assertEquals(
                Optional.empty(),
                keys().roll(key(1).prefix(), ISSUED.plusSeconds(60), old -> old, old -> key(3),
                        (old, successor) -> record("roll again")));
        assertEquals(2, keys().of(ann.id()).size());
        assertEquals(1, trail().records(Optional.of("subject"), OptionalLong.empty(), 10).size());
    }

    @Test
    void whatIsDoneIsOnRecordAndWhatIsRefusedIsNot() {
        accounts().add(ann, record("open"));
        assertThrows(IllegalArgumentException.class, () -> accounts().add(ann, record("open again")));
        accounts().change(ann.id(), before -> before.in(AccountState.SUSPENDED), (before, after) -> record("suspend"));
        keys().add(key(1), record("issue"));
        keys().change(key(1).prefix(), ISSUED, before -> before, (before, after) -> record("change"));
        keys().revoke(key(1).prefix(), REVOKED, record("revoke"));
        keys().revoke(key(1).prefix(), REVOKED, record("revoke again"));

        List<AuditLine> lines = trail().records(Optional.of("subject"), OptionalLong.empty(), 10);

        assertEquals(
                List.of(record("revoke"), record("change"), record("issue"), record("suspend"), record("open")),
                lines.stream().map(AuditLine::record).toList());
        assertEquals(lines.subList(0, 2), trail().records(Optional.empty(), OptionalLong.empty(), 2));
        assertEquals(
                lines.subList(2, 5),
                trail().records(Optional.of("subject"), OptionalLong.of(lines.get(1).number()), 10));
        assertEquals(List.of(), trail().records(Optional.of("another"), OptionalLong.empty(), 10));
    }

    private static AuditRecord record(String action) {
        return new AuditRecord(ISSUED, "olivia", action, "subject", Optional.of("before"), Optional.empty());
    }

    private ApiKey key(long seed) {
        ApiKeySecret secret = ApiKeySecret.make(new Random(seed));
        return new ApiKey(secret.prefix(), ann.id(), secret.digest(), ISSUED, Optional.empty());
    }
}
