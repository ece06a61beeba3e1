package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.relay.Relay;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hold is as good as its owner's lease. */
class LeaseTest {

    private static final AccountId ANN = new AccountId("ann");
    private static final Duration LEASE = Duration.ofSeconds(60);

    @Nested
    class OnAServer {

        @RegisterExtension
        final FreshDatabase fresh = new FreshDatabase(Store.Kind.POSTGRES);

        @BeforeEach
        void open() {
            openAccount(fresh.database());
        }

        @Test
        void whatADeadGatewayHeldIsAbandonedOnceItsLeaseHasEnded() {
            Relay held;
            try (Database other = fresh.store().open()) {
                held = hold(other);
            }
            fresh.store().pass(LEASE.minusMillis(1));
            fresh.database().leases().renew();
            assertEquals(List.of(), fresh.database().ledger().abandoned(10));

            fresh.store().pass(Duration.ofMillis(1));

            assertEquals(List.of(held), fresh.database().ledger().abandoned(10));
            assertInstanceOf(
                    Posting.Posted.class,
                    fresh.database().ledger().post(Intent.release(ANN, held.id(), "gateway_died")));
            assertEquals(List.of(), fresh.database().ledger().abandoned(10));
            assertEquals(List.of(), fresh.database().ledger().abandoned(10), "and nobody looks again");
        }

        @Test
        void whatALivingGatewayHoldsIsLeftToIt() {
            try (Database other = fresh.store().open()) {
                Relay held = hold(other);
                for (int i = 0; i < 5; i++) {
                    fresh.store().pass(LEASE.dividedBy(2));
                    other.leases().renew();
                    fresh.database().leases().renew();
                }
                assertEquals(List.of(), fresh.database().ledger().abandoned(10));
                assertInstanceOf(Posting.Posted.class, settle(other, held));
            }
        }

        @Test
        void aGatewayThatOversleptHoldsNothingBeforeItHasALeaseAgain() {
            try (Database other = fresh.store().open()) {
                Relay held = hold(other);
                fresh.store().pass(LEASE);

                StoreUnavailable refusal = assertThrows(StoreUnavailable.class, () -> hold(other));
                assertTrue(refusal.nothingChanged());
                fresh.database().leases().renew();
                assertEquals(List.of(held), fresh.database().ledger().abandoned(10));
                fresh.database().ledger().post(Intent.release(ANN, held.id(), "gateway_died"));
                assertEquals(List.of(), fresh.database().ledger().abandoned(10));

                assertInstanceOf(Posting.AlreadyEnded.class, settle(other, held), "the zombie's pictures come too late");
                other.leases().renew();
                Relay next = hold(other);
                fresh.store().pass(LEASE);
                assertEquals(List.of(next), fresh.database().ledger().abandoned(10), "and it can die a second time");
                fresh.database().ledger().post(Intent.release(ANN, next.id(), "gateway_died"));
            }
        }
    }

    @Nested
    class InAFile {

        @RegisterExtension
        final FreshDatabase fresh = new FreshDatabase(Store.Kind.H2);

        @Test
        void whoeverOpensTheFileFindsWhatTheProcessBeforeItHeld() {
            openAccount(fresh.database());
            Relay held = hold(fresh.database());
            assertEquals(List.of(), fresh.database().ledger().abandoned(10));

            fresh.reopen();

            assertEquals(List.of(held), fresh.database().ledger().abandoned(10));
            fresh.database().ledger().post(Intent.release(ANN, held.id(), "gateway_died"));
            assertEquals(List.of(), fresh.database().ledger().abandoned(10));
        }

        @Test
        void theLeaseOfTheOnlyGatewayDoesNotEnd() {
            openAccount(fresh.database());
            Relay held = hold(fresh.database());
            fresh.store().pass(Duration.ofDays(1000));

            assertEquals(List.of(), fresh.database().ledger().abandoned(10));
            assertInstanceOf(Posting.Posted.class, settle(fresh.database(), held));
            settle(fresh.database(), hold(fresh.database()));
        }
    }

    private static void openAccount(Database database) {
        database.rateCards().keep(Samples.CARD);
        database.accounts().add(new Account(ANN, "Ann"), Records.ANY);
        database.ledger().post(Samples.grant(ANN, "100"));
    }

    private static Relay hold(Database database) {
        Relay relay = Samples.relay(ANN);
        assertInstanceOf(Posting.Posted.class, database.ledger().post(Intent.hold(relay)));
        return relay;
    }

    private static Posting settle(Database database, Relay relay) {
        return database.ledger().post(Intent.settle(ANN, relay.id(), Samples.CHARGE));
    }
}
