package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Callers that hold and settle, one relay after the other, whatever happens, and note what they are told. */
final class Traffic implements AutoCloseable {

    private static final int CALLERS = 16;
    private static final int ACCOUNTS = 5;

    private final CreditLedger ledger;
    private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    private final List<Future<?>> callers = new ArrayList<>();
    private final Set<RelayId> held = ConcurrentHashMap.newKeySet();
    private final Set<RelayId> settled = ConcurrentHashMap.newKeySet();
    private final Set<RelayId> neverHeld = ConcurrentHashMap.newKeySet();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile boolean over;

    private Traffic(CreditLedger ledger) {
        this.ledger = ledger;
    }

    /** Begins, for customers who can pay for everything. */
    static Traffic on(Database database) {
        Traffic traffic = new Traffic(database.ledger());
        database.rateCards().keep(Samples.CARD);
        for (int i = 0; i < ACCOUNTS; i++) {
            AccountId account = new AccountId("customer-" + i);
            database.accounts().add(new Account(account, "a customer"), Records.ANY);
            database.ledger().post(Samples.grant(account, "1000000"));
        }
        for (int i = 0; i < CALLERS; i++) {
            AccountId account = new AccountId("customer-" + i % ACCOUNTS);
            traffic.callers.add(traffic.threads.submit(() -> traffic.call(account)));
        }
        return traffic;
    }

    private void call(AccountId account) {
        while (!over) {
            Relay relay = Samples.relay(account);
            Optional<StoreUnavailable> refusal = post(Intent.hold(relay));
            if (refusal.isEmpty()) {
                held.add(relay.id());
                if (post(Intent.settle(account, relay.id(), Samples.CHARGE)).isEmpty()) {
                    settled.add(relay.id());
                }
            } else if (refusal.get().nothingChanged()) {
                neverHeld.add(relay.id());
            } else {
                unknown.incrementAndGet();
            }
        }
    }

    /** Empty if it is posted. */
    private Optional<StoreUnavailable> post(Intent intent) {
        long start = System.nanoTime();
        try {
            return ledger.post(intent) instanceof Posting.Posted
                    ? Optional.empty()
                    : Optional.of(StoreUnavailable.before("it was refused"));
        } catch (StoreUnavailable e) {
            // Callers that come again at once would leave no processor to the database.
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            return Optional.of(e);
        } finally {
            longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
        }
    }

    /** Waits until so many more relays have been settled. */
    void awaitSettled(int more) throws InterruptedException {
        int target = settled.size() + more;
        while (settled.size() < target) {
            assertTrue(callers.stream().noneMatch(Future::isDone), "the callers go on");
            Thread.sleep(1);
        }
    }

    /** Ends it, and compares what the callers were told with what is in the books. */
    void verify() throws Exception {
        over = true;
        for (Future<?> caller : callers) {
            caller.get();
        }
        for (RelayId id : held) {
            RelayState state = ledger.relay(id).orElseThrow(() -> new AssertionError(id + " is lost")).state();
            assertTrue(!settled.contains(id) || state == RelayState.SETTLED, id + " was settled, and is " + state);
        }
        for (RelayId id : neverHeld) {
            assertEquals(Optional.empty(), ledger.relay(id), "it was said that nothing had changed");
        }
        assertTrue(Duration.ofNanos(longestNanos.get()).toSeconds() < 11, toString());
    }

    /** What happened, in a line. */
    @Override
    public String toString() {
        return held.size() + " held, " + settled.size() + " settled, " + neverHeld.size() + " refused, " + unknown
                + " holds unknown, longest wait " + Duration.ofNanos(longestNanos.get()).toMillis() + " ms";
    }

    @Override
    public void close() {
        over = true;
        threads.shutdown();
    }
}
