package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.Records;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.relay.Relay;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/**
 * How many durable operations a second the books take: callers that hold and settle in turn, on a thousand accounts and
 * on one, in a new H2 file and on a PostgreSQL server of its own. Every posting is on the disk when its caller goes on.
 * In the end the books must balance. Takes about two minutes.
 *
 * <pre>
 * mvn -q -B -pl adapters-persistence -am test-compile dependency:build-classpath -Dmdep.outputFile=/tmp/classpath
 * java -cp "adapters-persistence/target/test-classes:adapters-persistence/target/classes:$(cat /tmp/classpath)" \
 *     dev.imagerelay.adapters.persistence.LedgerBenchmark
 * </pre>
 */
public final class LedgerBenchmark {

    private static final int WARM_UP_SECONDS = 4;
    private static final int SECONDS = 6;

    private final Database database;
    private final LongAdder batches = new LongAdder();

    private LedgerBenchmark(Engine engine) {
        this.database = Database.open(counting(engine, batches), Duration.ofSeconds(60));
        database.rateCards().keep(Samples.CARD);
    }

    public static void main(String[] arguments) throws Exception {
        System.out.printf("%-9s %8s %9s %9s %8s %8s %8s%n", "engine", "callers", "accounts", "ops/s", "p50 ms", "p99 ms",
                "batch");
        if (arguments.length == 0 || arguments[0].equals("h2")) {
            try (H2Directory directory = new H2Directory()) {
                run("H2", directory.url());
            }
        }
        if (arguments.length == 0 || arguments[0].equals("postgres")) {
            try (PostgresServer server = PostgresServer.start()) {
                run("postgres", server.newDatabase());
            }
        }
        System.exit(0);
    }

    private static void run(String name, String url) throws Exception {
        LedgerBenchmark benchmark = new LedgerBenchmark(Engine.of(url, Clock.systemUTC()));
        for (int accounts : new int[] {1_000, 1}) {
            benchmark.openAccounts(accounts);
            for (int callers : new int[] {1, 32, 256}) {
                benchmark.measure(callers, accounts, WARM_UP_SECONDS);
                System.out.println(name + benchmark.measure(callers, accounts, SECONDS));
            }
        }
        List<String> offenders = benchmark.database.books().offenders();
        System.out.println(offenders.isEmpty() ? "the books balance" : offenders.toString());
        benchmark.database.close();
    }

    private void openAccounts(int accounts) throws Exception {
        List<Callable<Posting>> openings = new ArrayList<>();
        for (int i = 0; i < accounts; i++) {
            AccountId id = account(i, accounts);
            openings.add(() -> {
                database.accounts().add(new Account(id, "benchmark"), Records.ANY);
                return database.ledger().post(Samples.grant(id, "1000000000"));
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(32);
        for (Future<Posting> opened : threads.invokeAll(openings)) {
            opened.get();
        }
        threads.shutdown();
    }

    private static AccountId account(int number, int of) {
        return new AccountId("of-" + of + "-" + number);
    }

    private String measure(int callers, int accounts, int seconds) throws Exception {
        batches.reset();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Callable<long[]>> calls = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            SplittableRandom random = new SplittableRandom(i);
            calls.add(() -> {
                LongStream.Builder nanos = LongStream.builder();
                for (long start = System.nanoTime(); start < end; ) {
                    AccountId account = account(random.nextInt(accounts), accounts);
                    Relay relay = Samples.relay(account);
                    database.ledger().post(Intent.hold(relay));
                    long held = System.nanoTime();
                    database.ledger().post(Intent.settle(account, relay.id(), Samples.CHARGE));
                    long settled = System.nanoTime();
                    nanos.add(held - start);
                    nanos.add(settled - held);
                    start = settled;
                }
                return nanos.build().toArray();
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        List<long[]> all = new ArrayList<>();
        for (Future<long[]> call : threads.invokeAll(calls)) {
            all.add(call.get());
        }
        threads.shutdown();
        long[] sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return String.format(" %8d %9d %9d %8.2f %8.2f %8.1f", callers, accounts, sorted.length / seconds,
                sorted[sorted.length / 2] / 1e6, sorted[(int) (sorted.length * 0.99)] / 1e6,
                (double) sorted.length / batches.sum());
    }

    /** The engine, but transactions are counted. */
    private static Engine counting(Engine engine, LongAdder batches) {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("lock")) {
                        batches.increment();
                    }
                    return method.invoke(engine, arguments);
                });
    }
}
