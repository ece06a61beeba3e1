package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.in.Sweep;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.Unsettled;
import dev.imagerelay.application.service.ImageRelay;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayState;
import dev.imagerelay.domain.relay.RequestBody;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Of all who want the same at the same time one gets it, and the others are told so: through two gateways where the
 * engine allows several, otherwise through one. The books balance after each of these tests.
 */
@ParameterizedClass
@EnumSource(Store.Kind.class)
class RacesTest {

    private static final int ROUNDS = 50;
    private static final Duration LEASE = Duration.ofSeconds(60);

    @RegisterExtension
    final FreshDatabase fresh;

    private final AccountId ann = new AccountId("ann");
    private final ExecutorService threads = Executors.newFixedThreadPool(64);
    private Database one;
    private Database two;

    RacesTest(Store.Kind kind) {
        fresh = new FreshDatabase(kind);
    }

    @BeforeEach
    void openTheGateways() {
        one = fresh.database();
        two = one.isShared() ? fresh.store().open() : one;
        one.rateCards().keep(Samples.CARD);
        one.accounts().add(new Account(ann, "Ann"), Records.ANY);
        one.ledger().post(Samples.grant(ann, "1000"));
    }

    @AfterEach
    void closeTheSecond() {
        threads.shutdown();
        if (two != one) {
            two.close();
        }
    }

    @Test
    void creditsForFiveHundredRelaysBuyFiveHundredOfFiveThousand() throws Exception {
        List<AccountId> customers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            AccountId customer = new AccountId("customer-" + i);
            one.accounts().add(new Account(customer, "one of many"), Records.ANY);
            one.ledger().post(Samples.grant(customer, "25"));
            customers.add(customer);
        }
        List<Callable<Posting>> attempts = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            CreditLedger ledger = (i % 2 == 0 ? one : two).ledger();
            AccountId customer = customers.get(i < 2_500 ? random.nextInt(20) : i % 20);
            attempts.add(() -> ledger.post(Intent.hold(Samples.relay(customer))));
        }

        int held = 0;
        for (Future<Posting> attempt : threads.invokeAll(attempts)) {
            held += attempt.get() instanceof Posting.Posted ? 1 : 0;
        }

        assertEquals(500, held);
        for (AccountId customer : customers) {
            assertEquals(new Balance(Credits.ZERO, Credits.of("25")), two.ledger().balance(customer));
        }
        if (one.isShared()) {
            assertEquals(0, deadlocks());
        }
    }

    private int deadlocks() throws Exception {
        try (Connection connection = DriverManager.getConnection(fresh.store().url());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void anOrderThatThirtyTwoGiveAtOnceIsHeldOnce() throws Exception {
        for (int round = 0; round < 20; round++) {
            Optional<Claim> claim = Optional.of(
                    Claim.keyed("key " + round, RequestBody.of(ImageOrder.of("painter", "a fox"))));
            CyclicBarrier barrier = new CyclicBarrier(32);
            List<Callable<Posting>> attempts = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                CreditLedger ledger = (i % 2 == 0 ? one : two).ledger();
                attempts.add(() -> {
                    barrier.await();
                    return ledger.post(Intent.hold(Samples.relay(ann), claim));
                });
            }

            List<Relay> held = new ArrayList<>();
            List<Posting> others = new ArrayList<>();
            for (Future<Posting> attempt : threads.invokeAll(attempts)) {
                if (attempt.get() instanceof Posting.Posted posted) {
                    held.add(posted.relay().orElseThrow());
                } else {
                    others.add(attempt.get());
                }
            }

            assertEquals(1, held.size());
            assertEquals(Collections.nCopies(31, new Posting.AlreadyOrdered(held.get(0), true)), others);
        }
        assertEquals(new Balance(Credits.of("980"), Credits.of("20")), two.ledger().balance(ann));
    }

    @Test
    void whatADeadGatewayHeldIsReleasedOrSettledByItsZombieAndNeverBoth() throws Exception {
        int released = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Relay relay = hold(one);
            die();
            CyclicBarrier barrier = new CyclicBarrier(2);
            Sweep sweep = sweep(postingAfter(barrier, two.ledger()));

            Future<Sweep.Swept> swept = threads.submit(sweep::sweep);
            barrier.await();
            Posting late = one.ledger().post(Intent.settle(ann, relay.id(), Samples.CHARGE));

            int now = swept.get().released();
            RelayState state = two.ledger().relay(relay.id()).orElseThrow().state();
            if (now == 1) {
                assertInstanceOf(Posting.AlreadyEnded.class, late);
                assertEquals(RelayState.RELEASED, state);
            } else {
                assertInstanceOf(Posting.Posted.class, late);
                assertEquals(RelayState.SETTLED, state);
            }
            released += now;
            one.leases().renew();
        }
        System.out.println("of " + ROUNDS + " relays the sweeper released " + released + " and the zombie settled "
                + (ROUNDS - released));
        assertEquals(
                new Balance(Credits.of(Integer.toString(1000 - ROUNDS + released)), Credits.ZERO),
                two.ledger().balance(ann));
    }

    @Test
    void whatTwoSweepersFindEndsOnce() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            hold(one);
        }
        die();
        CyclicBarrier barrier = new CyclicBarrier(2);
        Future<Sweep.Swept> there = threads.submit(() -> sweep(postingAfter(barrier, one.ledger())).sweep());

        int here = sweep(postingAfter(barrier, two.ledger())).sweep().released();

        assertEquals(ROUNDS, here + there.get().released());
        assertEquals(
                ROUNDS,
                two.ledger().entries(ann, OptionalLong.empty(), 1_000).lines().stream()
                        .filter(line -> line.entry().kind() == EntryKind.RELEASED)
                        .count());
        assertEquals(new Balance(Credits.of("1000"), Credits.ZERO), two.ledger().balance(ann));
    }

    private Relay hold(Database gateway) {
        Relay relay = Samples.relay(ann);
        assertInstanceOf(Posting.Posted.class, gateway.ledger().post(Intent.hold(relay)));
        return relay;
    }

    /** Ends the lease of the first gateway, or where that cannot end, lets what it holds be that of one before it. */
    private void die() throws SQLException {
        if (one.isShared()) {
            fresh.store().pass(LEASE);
            two.leases().renew();
        } else {
            fresh.store().loseGateway();
        }
    }

    private static Sweep sweep(CreditLedger ledger) {
        return ImageRelay.sweep(ledger, Unsettled.NONE, Results.NONE);
    }

    /** A ledger on which the first to post waits for somebody else, so that both do at once. */
    private static CreditLedger postingAfter(CyclicBarrier barrier, CreditLedger ledger) {
        AtomicBoolean waited = new AtomicBoolean();
        return (CreditLedger) Proxy.newProxyInstance(
                RacesTest.class.getClassLoader(), new Class<?>[] {CreditLedger.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("post") && waited.compareAndSet(false, true)) {
                        barrier.await();
                    }
                    try {
                        return method.invoke(ledger, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
