package dev.imagerelay.adapters.persistence;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Opens a database for tests that cannot wait for the end of the usual lease, or until a file is worth compacting. */
public final class ImpatientDatabase {

    private ImpatientDatabase() {}

    /**
     * Opens a database as {@link Database#open(String, InstantSource)} does.
     *
     * @param lease      how long the lease is
     * @param compacting has to run each compaction of an H2 file while that is in use, which happens now and then however
     *                   little there is to gain
     */
    public static Database open(String url, InstantSource time, Duration lease, Consumer<Runnable> compacting) {
        Engine engine = Engine.of(url, time);
        return Database.open(engine.isServer() ? engine : new EagerFile(engine, compacting), lease);
    }
}
