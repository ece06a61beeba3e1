package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Leases;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * This gateway's lease, by the database's clock. Where nobody else can have the database open there is nobody to tell,
 * and the lease does not end.
 */
final class Lease implements Leases {

    private final Engine engine;
    private final Duration length;
    private final long gateway;
    private volatile Instant until;
    private volatile boolean kept;
    private Writer writer;

    /** Takes a lease for a gateway that has just begun, before anything else is written. */
    static Lease take(Engine engine, Handle handle, Duration length) {
        return handle.inTransaction(writing -> {
            Instant now = engine.now(writing);
            if (!engine.isServer()) {
                writing.execute("UPDATE gateway SET lease_until = ? WHERE lease_until > ?", now, now);
            }
            Instant until = engine.isServer() ? now.plus(length) : Engine.NEVER;
            long gateway = writing.createUpdate("INSERT INTO gateway (lease_until, swept) VALUES (?, FALSE)")
                    .bind(0, until)
                    .executeAndReturnGeneratedKeys("id")
                    .mapTo(Long.class)
                    .one();
            return new Lease(engine, length, gateway, until);
        });
    }

    /** A lease that has been taken. */
    Lease(Engine engine, Duration length, long gateway, Instant until) {
        this.engine = engine;
        this.length = length;
        this.gateway = gateway;
        this.until = until;
    }

    /** Who to renew it with. */
    Lease writtenBy(Writer writer) {
        this.writer = writer;
        return this;
    }

    /** In whose name credits are held. */
    long gateway() {
        return gateway;
    }

    /** Whether others may by then have released what this gateway holds. */
    boolean hasEnded(Instant now) {
        return !now.isBefore(until);
    }

    /** Whether somebody renews it, and so sweeps. */
    boolean isKept() {
        return kept;
    }

    @Override
    public void renew() {
        kept = true;
        if (engine.isServer()) {
            until = writer.write(handle -> {
                Instant end = engine.now(handle).plus(length);
                handle.execute("UPDATE gateway SET lease_until = ?, swept = FALSE WHERE id = ?", end, gateway);
                return end;
            });
        }
    }
}
