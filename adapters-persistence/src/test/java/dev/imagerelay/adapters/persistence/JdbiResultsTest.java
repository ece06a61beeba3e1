package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.relay.ReplyBody;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Results in a database keep the contract of all results, for several gateways at once. */
class JdbiResultsTest extends BoundedResultsContract {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private DataSource database;
    private JdbiResults results;
    private JdbiResults ofAnotherGateway;

    @BeforeEach
    void open() {
        database = newDatabase();
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:dev/imagerelay/migration")
                .load()
                .migrate();
        results = new JdbiResults(database, handle -> time.instant(), KEPT, MAX_BYTES);
        ofAnotherGateway = new JdbiResults(database, handle -> time.instant(), KEPT, MAX_BYTES);
    }

    @AfterEach
    void close() {
        results.close();
        ofAnotherGateway.close();
    }

    DataSource newDatabase() {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:results" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
        return source;
    }

    @Override
    protected Results results() {
        return results;
    }

    private int count(String table) {
        return Jdbi.create(database).withHandle(handle ->
                handle.createQuery("SELECT COUNT(*) FROM " + table).mapTo(Integer.class).one());
    }

    @Test
    void whatOneGatewayKeepsAnotherFinds() throws IOException {
        ofAnotherGateway.keep(relay(1), body(1, 1_000_000));

        assertFound(relay(1), body(1, 1_000_000));
    }

    @Test
    void noPartIsLarge() {
        results.keep(relay(1), body(1, 5 * ResultParts.PART + 1));

        List<Integer> lengths = Jdbi.create(database).withHandle(handle -> handle.createQuery(
                        "SELECT OCTET_LENGTH(bytes) FROM result_part ORDER BY part")
                .mapTo(Integer.class)
                .list());
        int whole = ResultParts.PART;
        assertEquals(List.of(whole, whole, whole, whole, whole, 1), lengths);
    }

    @Test
    void whatIsForgottenLeavesNothingBehindOnceItCannotBeBeingReadAnyMore() {
        for (int i = 0; i < 120; i++) {
            results.keep(relay(i), body(i, 10));
        }
        time.pass(KEPT);
        results.forgetOld();
        assertEquals(120, count("result"));

        time.pass(Duration.ofMinutes(10));
        results.forgetOld();

        assertEquals(0, count("result"));
        assertEquals(0, count("result_part"));
    }

    @Test
    void gatewaysForgetAtOnceWithoutGettingInEachOthersWay() throws Exception {
        for (int i = 0; i < 300; i++) {
            results.keep(relay(i), body(i, 10));
        }
        time.pass(KEPT.plusMinutes(10));
        ExecutorService threads = Executors.newFixedThreadPool(6);
        List<Future<?>> forgetting = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            forgetting.add(threads.submit(i % 2 == 0 ? results::forgetOld : ofAnotherGateway::forgetOld));
        }
        for (Future<?> one : forgetting) {
            one.get();
        }
        threads.shutdown();

        assertEquals(0, count("result"));
    }

    @Test
    void halfABodyIsNeverFound() throws IOException {
        Body body = body(1, 2_000_000);
        results.keep(relay(1), new Watched(body, () -> assertTrue(ofAnotherGateway.find(relay(1)).isEmpty())));

        assertFound(relay(1), body);
    }

    @Test
    void whatIsForgottenForLackOfRoomWhileItIsReadBreaksOff() {
        results.keep(relay(1), body(1, MEBIBYTE));
        time.pass(Duration.ofSeconds(1));
        ReplyBody found = results.find(relay(1)).orElseThrow();
        results.keep(relay(2), body(2, MAX_BYTES - ResultFile.EXTRA));

        IOException broken = assertThrows(IOException.class, () -> found.writeTo(new OutputStream() {
            @Override
            public void write(int value) {
                throw new AssertionError("one by one is slow");
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
                ofAnotherGateway.forgetOld();
            }
        }));

        assertTrue(broken.getMessage().contains("forgotten"), broken.getMessage());
    }

    @Test
    void slowReadersKeepNoConnectionFromAnybody() throws Exception {
        Body body = body(1, 600_000);
        results.keep(relay(1), body);
        CountDownLatch reading = new CountDownLatch(20);
        CountDownLatch goOn = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(20);
        List<Future<?>> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(threads.submit(() -> {
                assertArrayEquals(body.bytes(), bytes(new Watched(results.find(relay(1)).orElseThrow(), () -> {
                    reading.countDown();
                    await(goOn);
                })));
                return null;
            }));
        }

        reading.await();
        assertFound(relay(1), body);
        results.keep(relay(2), body(2, 10));
        assertFound(relay(2), body(2, 10));

        goOn.countDown();
        for (Future<?> one : slow) {
            one.get();
        }
        threads.shutdown();
    }

    @Test
    void aDatabaseThatIsLostIsNoReasonToFailARelay() throws IOException {
        results.keep(relay(1), body(1, 300_000));
        ReplyBody found = results.find(relay(1)).orElseThrow();
        results.close();

        results.keep(relay(2), body(2, 10));

        assertThrows(StoreUnavailable.class, () -> results.find(relay(1)), "it may be there");
        assertThrows(StoreUnavailable.class, results::forgetOld);
        assertThrows(IOException.class, () -> bytes(found));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A body that does something after each write. */
    private record Watched(ReplyBody body, Runnable afterwards) implements ReplyBody {

        @Override
        public String contentType() {
            return body.contentType();
        }

        @Override
        public long length() {
            return body.length();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            body.writeTo(new OutputStream() {
                @Override
                public void write(int value) {
                    throw new AssertionError("one by one is slow");
                }

                @Override
                public void write(byte[] bytes, int offset, int count) throws IOException {
                    out.write(bytes, offset, count);
                    afterwards.run();
                }
            });
        }

        @Override
        public void close() {
            body.close();
        }
    }
}
