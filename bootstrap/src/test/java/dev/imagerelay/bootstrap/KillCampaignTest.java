package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagerelay.adapters.persistence.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever dies at any point, under eight customers, has lost and invented nothing once it is back: not in its books,
 * and not by what its customers and its upstream have written down. Each test prints what it did, which is little
 * unless it is told how many kills at random there are to be of a gateway on a file, of one on PostgreSQL, of
 * PostgreSQL, and of one of two gateways on it. All of it takes half an hour:
 *
 * <pre>
 * mvn -pl bootstrap -am test -Dtest=KillCampaignTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -DkillCampaign=500,200,50,50</pre>
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class KillCampaignTest {

    private static final int[] KILLS = Arrays.stream(System.getProperty("killCampaign", "20,0,0,3").split(","))
            .mapToInt(Integer::parseInt)
            .toArray();
    private static final int KILLS_OF_ONE_INSTALLATION = 25;
    private static final long FIRST_SEED = 4;

    @TempDir
    static Path directory;

    private static QuickStart start;

    /** What happens to one installation. */
    private interface Campaign {
        Findings run(Path installation, long seed, List<CrashPoint> points, int kills) throws Exception;
    }

    @BeforeAll
    static void prepare() throws Exception {
        start = QuickStart.prepare(Files.createDirectory(directory.resolve("program")));
    }

    @Test
    void aGatewayOnAFileLosesAndInventsNothing() throws Exception {
        List<CrashPoint> all = List.of(CrashPoint.values());
        conduct("a gateway on a file", 2, 2, all, KILLS[0], (installation, seed, points, kills) ->
                kill(installation, ServerProcess.databaseUrl(installation), seed, points, kills));
    }

    @Test
    void norDoesAGatewayOnPostgres() throws Exception {
        List<CrashPoint> all = Arrays.stream(CrashPoint.values()).filter(point -> !point.isOfFiles()).toList();
        conduct("a gateway on PostgreSQL", 4, 1, all, KILLS[1], (installation, seed, points, kills) ->
                kill(installation, PostgresServer.shared().newDatabase(), seed, points, kills));
    }

    private static Findings kill(Path installation, String databaseUrl, long seed, List<CrashPoint> points, int kills)
            throws Exception {
        try (KillCampaign campaign = new KillCampaign(start, installation, databaseUrl, seed)) {
            for (CrashPoint point : points) {
                campaign.crashAt(point);
            }
            for (int i = 0; i < kills; i++) {
                campaign.killAtRandom();
            }
            return campaign.finish();
        }
    }

    @Test
    void norDoesAGatewayWhosePostgresDies() throws Exception {
        conduct("PostgreSQL", 2, 0, List.of(), KILLS[2], (installation, seed, points, kills) -> {
            try (DatabaseKillCampaign campaign = new DatabaseKillCampaign(start, installation, seed)) {
                return campaign.kill(kills);
            }
        });
    }

    @Test
    void norDoOneOfTwoGateways() throws Exception {
        conduct("one of two gateways", 1, 0, List.of(), KILLS[3], (installation, seed, points, kills) -> {
            String url = PostgresServer.shared().newDatabase();
            try (TwoGatewaysCampaign campaign = new TwoGatewaysCampaign(start, installation, url, seed)) {
                campaign.begin();
                for (int kill = 0; kill < kills; kill++) {
                    campaign.kill();
                    if (kill % 3 == 0) {
                        campaign.doze();
                    }
                }
                Findings findings = campaign.finish();
                System.out.println("holds of the dead were released after " + campaign.longestMillis()
                        + " ms at most, the lease being " + CrashingServer.LEASE);
                return findings;
            }
        });
    }

    /**
     * Runs a campaign against so many installations at a time, of which the first few go through these crash points,
     * and all together through the kills.
     */
    private static void conduct(
            String victim, int atATime, int passes, List<CrashPoint> points, int kills, Campaign campaign)
            throws Exception {
        assumeTrue(kills > 0, "only in the long form");
        long begun = System.nanoTime();
        int installations = Math.max(passes, (kills - 1) / KILLS_OF_ONE_INSTALLATION + 1);
        List<Callable<Findings>> plan = new ArrayList<>();
        for (int i = 0; i < installations; i++) {
            long seed = FIRST_SEED + i;
            List<CrashPoint> first = i < passes ? points : List.of();
            int share = kills * (i + 1) / installations - kills * i / installations;
            Path installation = Files.createDirectories(directory.resolve(victim).resolve("seed-" + seed));
            plan.add(() -> campaign.run(installation, seed, first, share));
        }
        ExecutorService threads = Executors.newFixedThreadPool(atATime);
        Findings findings = Findings.NONE;
        for (Future<Findings> done : threads.invokeAll(plan)) {
            findings = findings.plus(done.get());
        }
        threads.shutdown();
        System.out.printf("killed %s, seeds %d to %d, %d s: %s%n", victim, FIRST_SEED,
                FIRST_SEED + installations - 1, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun), findings);
        findings.violations().stream().limit(20).forEach(System.out::println);

        assertEquals(List.of(), findings.violations());
        assertEquals(passes * points.size(), findings.crashes());
        assertEquals(kills, findings.kills());
        assertTrue(findings.acknowledged() > kills, "the customers got pictures: " + findings.acknowledged());
    }
}
