package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.adapters.persistence.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL that is killed again and again under a gateway, which goes on serving as well as it can. */
final class DatabaseKillCampaign implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 120;

    private final QuickStart start;
    private final Path directory;
    private final Random random;
    private final Evidence evidence = new Evidence(false);
    private final PostgresServer postgres = PostgresServer.start();
    private final String databaseUrl = postgres.newDatabase();

    /** A new installation in an empty directory, with a PostgreSQL of its own. */
    DatabaseKillCampaign(QuickStart start, Path directory, long seed) {
        this.start = start;
        this.directory = directory;
        this.random = new Random(seed);
    }

    /** Kills the database at random times among orders, and checks its books each time that it is back. */
    Findings kill(int times) throws Exception {
        try (ServerProcess gateway =
                start.start(directory, databaseUrl, evidence.upstream().baseUrl(), List.of())) {
            for (int kill = 1; kill <= times; kill++) {
                evidence.customers().orderFrom(List.of(gateway));
                evidence.await(100, random);
                postgres.kill();
                Thread.sleep(random.nextInt(400));
                postgres.startAgain();
                Thread.sleep(random.nextInt(400));
                evidence.customers().callHome();
                evidence.check(settledBooks(gateway), "after kill " + kill);
            }
            evidence.customers().finishAt(gateway);
            return evidence.conclude(settledBooks(gateway), 0, times);
        }
    }

    private BooksCopy settledBooks(ServerProcess gateway) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        while (!gateway.isReady()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new IllegalStateException("the gateway does not get ready");
            }
            Thread.sleep(CrashingServer.SWEEP_EVERY.toMillis());
        }
        Thread.sleep(CrashingServer.SETTLED.toMillis());
        try (Database database = Database.open(databaseUrl, Clock.systemUTC())) {
            return BooksCopy.of(database);
        }
    }

    @Override
    public void close() throws IOException {
        evidence.close();
        postgres.close();
    }
}
