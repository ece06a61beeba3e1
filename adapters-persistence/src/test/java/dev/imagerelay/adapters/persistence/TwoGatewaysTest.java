package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.RateCard;
import dev.imagerelay.domain.relay.Relay;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gateways that share nothing but a PostgreSQL keep one set of books in it, which balances after each of these tests. */
class TwoGatewaysTest {

    private static final int ROUNDS = 50;

    @RegisterExtension
    final FreshDatabase fresh = new FreshDatabase(Store.Kind.POSTGRES);

    private final AccountId ann = new AccountId("ann");
    private final ExecutorService threads = Executors.newFixedThreadPool(64);
    private Database one;
    private Database two;

    @BeforeEach
    void openTheSecond() {
        one = fresh.database();
        two = fresh.store().open();
        one.accounts().add(new Account(ann, "Ann"), Records.ANY);
        one.rateCards().keep(Samples.CARD);
    }

    @AfterEach
    void closeTheSecond() {
        two.close();
        threads.shutdown();
    }

    @Test
    void aRelayThatIsSettledHereAndReleasedThereEndsOnce() throws Exception {
        one.ledger().post(Samples.grant(ann, "1000"));
        for (int round = 0; round < ROUNDS; round++) {
            Relay relay = Samples.relay(ann);
            one.ledger().post(Intent.hold(relay));

            List<Posting> endings = atOnce(
                    () -> one.ledger().post(Intent.settle(ann, relay.id(), Samples.CHARGE)),
                    () -> two.ledger().post(Intent.release(ann, relay.id(), "timed_out")));

            int late = endings.get(0) instanceof Posting.AlreadyEnded ? 0 : 1;
            Posting.AlreadyEnded second = assertInstanceOf(Posting.AlreadyEnded.class, endings.get(late));
            Posting.Posted first = assertInstanceOf(Posting.Posted.class, endings.get(1 - late));
            assertEquals(first.relay(), Optional.of(second.relay()));
        }
    }

    @Test
    void aTopUpThatReachesBothIsOneGrant() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String payment = "payment-" + round;

            List<Posting> postings = atOnce(
                    () -> one.ledger().post(Samples.topUp(ann, payment, "1")),
                    () -> two.ledger().post(Samples.topUp(ann, payment, "1")));

            int entries = 0;
            for (Posting posting : postings) {
                entries += assertInstanceOf(Posting.Posted.class, posting).entries().size();
            }
            assertEquals(1, entries);
        }
        assertEquals(Credits.of(Integer.toString(ROUNDS)), one.ledger().balance(ann).available());
    }

    @Test
    void whatIsTakenAtTheSameTimeIsTakenOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Account account = new Account(new AccountId("account-" + round), "wanted twice");
            ApiKeySecret secret = ApiKeySecret.make(new Random(round));
            ApiKey key = new ApiKey(secret.prefix(), ann, secret.digest(), Instant.EPOCH, Optional.empty());
            RateCard card = Samples.rateCard(Integer.toString(round + 2));

            assertEquals(1, successes(() -> one.accounts().add(account, Records.ANY), () -> two.accounts().add(account, Records.ANY)));
            assertEquals(1, successes(() -> one.keys().add(key, Records.ANY), () -> two.keys().add(key, Records.ANY)));
            assertEquals(2, successes(() -> one.rateCards().keep(card), () -> two.rateCards().keep(card)));
            List<Boolean> revoked = atOnce(
                    () -> one.keys().revoke(key.prefix(), Instant.EPOCH, Records.ANY),
                    () -> two.keys().revoke(key.prefix(), Instant.EPOCH, Records.ANY));
            assertTrue(revoked.get(0) ^ revoked.get(1), "revoked once, not " + revoked);
        }
    }

    @Test
    void whoStartsAtTheSameTimeMigratesOnce() throws Exception {
        try (Store store = Store.Kind.POSTGRES.make()) {
            List<Database> gateways = atOnce(store::open, store::open, store::open, store::open);

            gateways.get(0).accounts().add(new Account(ann, "Ann"), Records.ANY);
            assertTrue(gateways.get(3).accounts().find(ann).isPresent());
            gateways.forEach(Database::close);
        }
    }

    @Test
    void anAccountThatIsKeptTooLongIsUnavailableAndHoldsUpNothingElse() throws Exception {
        try (Connection other = DriverManager.getConnection(fresh.store().url());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT id FROM account FOR UPDATE");

            StoreUnavailable refusal =
                    assertThrows(StoreUnavailable.class, () -> one.ledger().post(Samples.grant(ann, "1")));

            assertTrue(refusal.nothingChanged());
            assertTrue(one.isWritable());
            one.rateCards().keep(Samples.rateCard("2"));
        }
        assertInstanceOf(Posting.Posted.class, one.ledger().post(Samples.grant(ann, "1")));
    }

    @Test
    void aGatewayThatHangsInATransactionIsCutOff() throws Exception {
        PostgresServer server = PostgresServer.shared();
        try (Wire wire = new Wire(server.port())) {
            String url = fresh.store().url().replace(":" + server.port() + "/", ":" + wire.port() + "/");
            Database hanging = Database.open(url, fresh.store().processTime());
            Intent hang = Intent.of("hang", ann, Optional.empty(), (books, now) -> {
                wire.interrupt();
                return new Posting.Contradicted("never said");
            });
            threads.submit(() -> hanging.ledger().post(hang));

            Posting posting = untilPosted(() -> one.ledger().post(Samples.grant(ann, "1")));

            assertInstanceOf(Posting.Posted.class, posting);
            wire.repair();
            hanging.close();
        }
    }

    /** Three times, as two of its limits lie between a hanging gateway and this. */
    private static Posting untilPosted(Callable<Posting> posting) throws Exception {
        for (int tries = 1; ; tries++) {
            try {
                return posting.call();
            } catch (StoreUnavailable e) {
                assertTrue(e.nothingChanged());
                assertTrue(tries < 3, "still kept");
            }
        }
    }

    private interface Attempt {
        void run();
    }

    /** How many of two attempts at the same time are not refused. */
    private int successes(Attempt here, Attempt there) throws Exception {
        List<Boolean> outcomes = atOnce(() -> succeeds(here), () -> succeeds(there));
        return (int) outcomes.stream().filter(success -> success).count();
    }

    private static boolean succeeds(Attempt attempt) {
        try {
            attempt.run();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @SafeVarargs
    private <T> List<T> atOnce(Callable<T>... calls) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(calls.length);
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<T> call : calls) {
            futures.add(threads.submit(() -> {
                barrier.await();
                return call.call();
            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }
}
