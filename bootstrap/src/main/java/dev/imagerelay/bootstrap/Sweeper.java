package dev.imagerelay.bootstrap;

import dev.imagerelay.application.port.in.Sweep;
import dev.imagerelay.application.port.in.Sweep.Swept;
import dev.imagerelay.application.port.out.Leases;
import dev.imagerelay.application.port.out.StoreUnavailable;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the gateway's lease, and the books tidy, for as long as it runs. */
final class Sweeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    /** Longer than a round takes whose database is away. */
    private static final long PATIENCE_SECONDS = 30;

    private final Leases leases;
    private final Sweep sweep;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread sweeping = new Thread(task, "sweeper");
        sweeping.setDaemon(true);
        return sweeping;
    });

    /**
     * Sweeps once, and then again and again.
     *
     * @param every so often; a small part of a lease
     */
    static Sweeper start(Leases leases, Sweep sweep, Duration every) {
        Sweeper sweeper = new Sweeper(leases, sweep);
        sweeper.round();
        sweeper.thread.scheduleWithFixedDelay(
                sweeper::tryRound, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return sweeper;
    }

    private Sweeper(Leases leases, Sweep sweep) {
        this.leases = leases;
        this.sweep = sweep;
    }

    private void tryRound() {
        try {
            round();
        } catch (StoreUnavailable e) {
            LOG.warn("cannot sweep: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the sweep failed", e);
        }
    }

    /** The lease first: a gateway that has just been asleep must not release what it holds itself. */
    private void round() {
        leases.renew();
        Swept swept = sweep.sweep();
        if (swept.settledLate() > 0) {
            LOG.warn("{} relays that ended while the books were out of reach are in the books now",
                    swept.settledLate());
        }
        if (swept.released() > 0) {
            LOG.warn("released {} holds that dead gateways had left behind", swept.released());
        }
    }

    /** Lets a round in progress end, since what it works on is closed after it. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the sweep has not ended after {} s", PATIENCE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
