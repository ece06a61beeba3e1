package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Two gateways on one database, one of which is killed again and again, while their customers give what broke off to
 * the other one; or falls asleep, is taken for dead, and wakes up.
 */
final class TwoGatewaysCampaign implements AutoCloseable {

    /** How much later than it should the last hold of a dead gateway may be released, on a machine with much to do. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final QuickStart start;
    private final Path directory;
    private final String databaseUrl;
    private final Random random;
    private final Evidence evidence = new Evidence(true);
    private final List<ServerProcess> gateways = new CopyOnWriteArrayList<>();
    private final Database database;
    private int kills;
    private int dozes;
    private long longestMillis;

    /** A new installation in an empty directory, with an empty database; nothing runs yet. */
    TwoGatewaysCampaign(QuickStart start, Path directory, String databaseUrl, long seed) {
        this.start = start;
        this.directory = directory;
        this.databaseUrl = databaseUrl;
        this.random = new Random(seed);
        this.database = Database.open(databaseUrl, Clock.systemUTC());
    }

    /** Starts both. */
    void begin() throws IOException {
        Files.createDirectory(directory(0));
        gateways.add(start(0, List.of()));
        Files.createDirectory(directory(1));
        Files.copy(directory(0).resolve("key"), directory(1).resolve("key"));
        gateways.add(start(1, List.of()));
    }

    private Path directory(int gateway) {
        return directory.resolve("gateway-" + gateway);
    }

    private ServerProcess start(int gateway, List<String> options) throws IOException {
        return start.start(directory(gateway), databaseUrl, evidence.upstream().baseUrl(), options);
    }

    /** Kills either at a random time, and starts it again once the other has given back what it held. */
    void kill() throws Exception {
        int victim = random.nextInt(2);
        evidence.customers().orderFrom(gateways);
        evidence.await(200, random);
        gateways.get(victim).kill();
        long killed = System.nanoTime();
        awaitEnd(database.ledger().held(1_000), killed);
        evidence.customers().callHome();
        evidence.check(BooksCopy.of(database), "after kill " + ++kills + ", of gateway " + victim);
        gateways.set(victim, start(victim, List.of()));
    }

    /** Lets either doze at a random time for longer than its lease; what it was about to settle then is too late. */
    void doze() throws Exception {
        int dozer = random.nextInt(2);
        gateways.get(dozer).close();
        gateways.set(dozer, start(dozer, Crash.doze(1 + random.nextInt(100))));
        evidence.customers().orderFrom(gateways);
        evidence.awaitAnswer("settled_too_late");
        evidence.customers().callHome();
        evidence.check(BooksCopy.of(database), "after doze " + ++dozes + ", of gateway " + dozer);
    }

    /** Lets all orders with a key be answered. */
    Findings finish() throws Exception {
        evidence.customers().finishAt(gateways.get(0));
        return evidence.conclude(BooksCopy.of(database), 0, kills);
    }

    /** What does not end in time is found by the check that follows. */
    private void awaitEnd(List<Relay> held, long since) throws InterruptedException {
        Duration passed = Duration.ZERO;
        for (Relay relay : held) {
            while (database.ledger().relay(relay.id()).orElseThrow().state() == RelayState.HELD
                    && passed.compareTo(CrashingServer.SETTLED.plus(SLACK)) < 0) {
                Thread.sleep(10);
                passed = Duration.ofNanos(System.nanoTime() - since);
            }
        }
        longestMillis = Math.max(longestMillis, passed.toMillis());
    }

    /** How long after the end of a gateway the last of its holds was released, at most. */
    long longestMillis() {
        return longestMillis;
    }

    @Override
    public void close() throws IOException {
        gateways.forEach(ServerProcess::close);
        database.close();
        evidence.close();
    }
}
